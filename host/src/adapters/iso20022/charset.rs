//! The letters a Danish bank takes: those of Latin 1, digits, and a few signs.

/// The text in letters a bank takes, and no longer than `chars_max`.
///
/// A letter with a foreign mark loses the mark; what has no Latin likeness becomes `?`, so that it
/// is seen and not silently gone.
pub(super) fn fit(text: &str, chars_max: usize) -> String {
    let mut fitting = String::with_capacity(text.len());
    for letter in text.chars() {
        match likeness(letter) {
            Some(likeness) => fitting.push_str(likeness),
            None if is_taken(letter) => fitting.push(letter),
            None if letter.is_whitespace() || letter.is_control() => fitting.push(' '),
            None => fitting.push('?'),
        }
    }
    fitting.trim().chars().take(chars_max).collect::<String>().trim_end().to_owned()
}

fn is_taken(letter: char) -> bool {
    let latin_1 = matches!(letter, 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ÿ');
    letter.is_ascii_alphanumeric() || latin_1 || " /-?:().,'+&".contains(letter)
}

/// What is written in a letter's place.
fn likeness(letter: char) -> Option<&'static str> {
    Some(match letter {
        'Ā' | 'Ă' | 'Ą' => "A",
        'ā' | 'ă' | 'ą' => "a",
        'Ć' | 'Ĉ' | 'Ċ' | 'Č' => "C",
        'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'Ď' | 'Đ' => "D",
        'ď' | 'đ' => "d",
        'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' => "E",
        'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' => "G",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'Ĥ' | 'Ħ' => "H",
        'ĥ' | 'ħ' => "h",
        'Ĩ' | 'Ī' | 'Ĭ' | 'Į' | 'İ' => "I",
        'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'Ĵ' => "J",
        'ĵ' => "j",
        'Ķ' => "K",
        'ķ' => "k",
        'Ĺ' | 'Ļ' | 'Ľ' | 'Ŀ' | 'Ł' => "L",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'Ń' | 'Ņ' | 'Ň' => "N",
        'ń' | 'ņ' | 'ň' => "n",
        'Ō' | 'Ŏ' | 'Ő' => "O",
        'ō' | 'ŏ' | 'ő' => "o",
        'Œ' => "OE",
        'œ' => "oe",
        'Ŕ' | 'Ŗ' | 'Ř' => "R",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'Ś' | 'Ŝ' | 'Ş' | 'Š' | 'Ș' => "S",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'Ţ' | 'Ť' | 'Ŧ' | 'Ț' => "T",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'Ũ' | 'Ū' | 'Ŭ' | 'Ů' | 'Ű' | 'Ų' => "U",
        'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'Ŵ' => "W",
        'ŵ' => "w",
        'Ŷ' | 'Ÿ' => "Y",
        'ŷ' => "y",
        'Ź' | 'Ż' | 'Ž' => "Z",
        'ź' | 'ż' | 'ž' => "z",
        '–' | '—' | '−' | '_' => "-",
        '’' | '‘' | '´' | '`' | '"' | '“' | '”' => "'",
        ';' => ",",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn danish_letters_stay_and_foreign_marks_go() {
        assert_eq!(fit("Åge Æbelø & Søn A/S", 140), "Åge Æbelø & Søn A/S");
        assert_eq!(fit("Łukasz Dvořák – „x\u{201d}", 140), "Lukasz Dvorák - ?x'");
        assert_eq!(fit("漢字", 140), "??");
        assert_eq!(fit(" a\n\tb ", 140), "a  b");
    }

    #[test]
    fn a_long_text_is_cut_by_letters_not_bytes() {
        assert_eq!(fit("ææææ", 3), "æææ");
        assert_eq!(fit("œœ", 3), "oeo");
        assert_eq!(fit("ab cd", 3), "ab");
    }
}
