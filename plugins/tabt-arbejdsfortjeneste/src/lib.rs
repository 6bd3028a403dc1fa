//! Compensation for loss of earnings to parents of disabled children (tabt arbejdsfortjeneste).
