//! Making what the pages are made of: style sheet, fonts, icons and our script, put into `target/assets`; and
//! taking the fonts of letters, into `target/fonts`.
//!
//! What others have written comes by npm, in the versions of `host/assets/package-lock.json`, and is never in
//! the repository; what is ours is in `host/assets`. The host's build takes the finished files into the program.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{apt, run, source};

const FONTS: &str = "dkfds/dist/fonts/IBMPlexSans/split/woff2";
/// The face of letters: files that a typesetter can read, as the design system's are only for browsers.
const LETTER_FACE: &str = "@expo-google-fonts/ibm-plex-sans";

/// Upright, slanted and heavy: what letters are set in.
const LETTER_FONTS: [&str; 3] = [
    "400Regular/IBMPlexSans_400Regular.ttf",
    "400Regular_Italic/IBMPlexSans_400Regular_Italic.ttf",
    "600SemiBold/IBMPlexSans_600SemiBold.ttf",
];
const ICONS: &str = "dkfds/dist/img/svg-icons";

/// The folders it works with.
struct Places {
    /// Ours, in the repository.
    source: PathBuf,
    /// Where npm puts what others have written.
    npm: PathBuf,
    finished: PathBuf,
    letter_fonts: PathBuf,
}

/// The chore `assets`. Where nothing has changed since the last time, nothing is done.
pub(crate) fn command() -> Result<()> {
    let root = source::root()?;
    let places = Places {
        source: root.join("host/assets"),
        npm: root.join("target/npm"),
        finished: root.join("target/assets"),
        letter_fonts: root.join("target/fonts"),
    };
    let made_from = root.join("target/assets-made-from");
    let now = places.read_source()?;
    let are_there = places.finished.is_dir() && places.letter_fonts.is_dir();
    if are_there && fs::read(&made_from).is_ok_and(|then| then == now) {
        return Ok(());
    }
    places.take_packages()?;
    places.make()?;
    fs::write(made_from, now).context("target/assets-made-from cannot be written")
}

/// The checker of accessibility, which npm brings along for the tests.
pub(crate) fn checker(root: &Path) -> PathBuf {
    root.join("target/npm/node_modules/axe-core/axe.min.js")
}

impl Places {
    /// Everything the result depends on.
    fn read_source(&self) -> Result<Vec<u8>> {
        let mut all = Vec::new();
        for name in names(&self.source)? {
            all.extend(name.as_bytes());
            all.extend(fs::read(self.source.join(&name))?);
        }
        Ok(all)
    }

    /// Brings the packages of the lock file, and no script of theirs is run.
    fn take_packages(&self) -> Result<()> {
        const LOCK: &str = "package-lock.json";
        let wanted = fs::read(self.source.join(LOCK))?;
        let taken = self.npm.join("node_modules/.package-lock.json").is_file();
        if taken && fs::read(self.npm.join(LOCK)).is_ok_and(|there| there == wanted) {
            return Ok(());
        }
        find_npm()?;
        fs::create_dir_all(&self.npm).context("the folder target/npm cannot be created")?;
        fs::copy(self.source.join("package.json"), self.npm.join("package.json"))?;
        fs::write(self.npm.join(LOCK), wanted)?;
        let mut npm = Command::new("npm");
        npm.args(["ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund"]);
        run::run(npm.current_dir(&self.npm), "npm says why above; is its registry within reach?")
    }

    fn make(&self) -> Result<()> {
        empty(&self.finished)?;
        let style = self.make_style_sheet()?;
        for name in referred(&style) {
            self.copy(&self.package(place_of(&name)?), &name)?;
        }
        self.copy(&self.source.join("ydun.js"), "ydun.js")?;
        self.take_letter_fonts()
    }

    fn take_letter_fonts(&self) -> Result<()> {
        empty(&self.letter_fonts)?;
        for font in LETTER_FONTS {
            let (_, name) = font.rsplit_once('/').context("a font is in a folder")?;
            copy(&self.package(Path::new(LETTER_FACE).join(font)), &self.letter_fonts.join(name))?;
        }
        Ok(())
    }

    fn make_style_sheet(&self) -> Result<String> {
        let finished = self.finished.join("ydun.css");
        let mut sass = Command::new("node");
        sass.arg(self.package("sass/sass.js"))
            .args(["--no-source-map", "--style=compressed", "--quiet-deps", "--load-path"])
            .arg(self.npm.join("node_modules"))
            .arg(self.source.join("ydun.scss"))
            .arg(&finished);
        run::run(&mut sass, "sass says why above")?;
        fs::read_to_string(finished).context("the style sheet cannot be read")
    }

    fn package(&self, file: impl AsRef<Path>) -> PathBuf {
        self.npm.join("node_modules").join(file)
    }

    fn copy(&self, from: &Path, name: &str) -> Result<()> {
        let to = self.finished.join(name);
        let folder = to.parent().context("a file is in a folder")?;
        fs::create_dir_all(folder)?;
        copy(from, &to)
    }
}

fn empty(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("{} cannot be emptied", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be created", folder.display()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("{} cannot be copied", from.display()))?;
    Ok(())
}

fn names(folder: &Path) -> Result<BTreeSet<String>> {
    let entries = folder.read_dir().context("the folder host/assets cannot be read")?;
    entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

/// The files a style sheet asks for, by the names it gives them.
fn referred(style: &str) -> BTreeSet<String> {
    let after = style.split("url(").skip(1);
    let quoted = after.filter_map(|rest| rest.split(')').next());
    let names = quoted.map(|name| name.trim_matches(['"', '\'']).to_owned());
    names.filter(|name| !name.starts_with("data:")).collect()
}

/// Where a file of the design system is among the packages: `icons/check.svg` is one of its icons.
fn place_of(name: &str) -> Result<PathBuf> {
    match name.split_once('/') {
        Some(("fonts", font)) => Ok(Path::new(FONTS).join(font)),
        Some(("icons", icon)) => Ok(Path::new(ICONS).join(icon)),
        _ => bail!("the style sheet asks for {name}, which is neither a font nor an icon"),
    }
}

fn find_npm() -> Result<()> {
    let there = || run::read(Command::new("npm").arg("--version")).is_ok();
    if there() || (apt::usable() && apt::install(&["nodejs", "npm"]).is_ok() && there()) {
        return Ok(());
    }
    bail!(
        "npm is needed for the style sheet and fonts of the pages. Install Node.js with npm, for example with \
         `sudo apt-get install nodejs npm`, `sudo dnf install nodejs-npm` or `brew install node`"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_sheet_says_what_it_asks_for() {
        let style = r#"a{src:url("fonts/A.woff2") format("woff2")}b{background:url(icons/b.svg)}c{background:url(data:,)}"#;
        assert_eq!(
            Vec::from_iter(referred(style)),
            ["fonts/A.woff2".to_owned(), "icons/b.svg".to_owned()]
        );
        assert_eq!(place_of("icons/b.svg").unwrap(), Path::new(ICONS).join("b.svg"));
        assert!(place_of("b.png").is_err());
    }
}
