//! Collects `words/<language>/*.ftl` into two lists, so that a new file needs no registration.

#![allow(clippy::disallowed_methods, reason = "a build script hears from cargo through the environment")]

use std::{env, fs, path::Path};

fn main() {
    println!("cargo::rerun-if-changed=words");
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("set by cargo")).join("words");
    let mut out = String::new();
    for language in ["de", "en"] {
        let mut files: Vec<_> = fs::read_dir(root.join(language))
            .expect("a folder of words")
            .map(|e| e.expect("readable").path())
            .collect();
        files.sort();
        out += &format!("const WORDS_{}: &[(&str, &str)] = &[\n", language.to_uppercase());
        for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "ftl")) {
            let name = file.file_name().expect("a file").to_string_lossy();
            out += &format!("    ({name:?}, include_str!({:?})),\n", file.display().to_string());
        }
        out += "];\n";
    }
    fs::write(Path::new(&env::var("OUT_DIR").expect("set by cargo")).join("words.rs"), out)
        .expect("OUT_DIR is writable");
}
