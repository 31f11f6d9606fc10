use super::*;

fn code(head: &[u8], name: &str) -> &'static str {
    match recognise(head, name) {
        Ok(mime) => mime,
        Err(Refusal::Invalid(complaints)) => complaints[0].code,
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn content_decides_and_not_the_name() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    assert_eq!(code(png, "rechnung.pdf"), "image/png");
    assert_eq!(code(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "bild.png"), "application/pdf");
    assert_eq!(code(b"\xff\xd8\xff\xe0\0\x10JFIF\0", "foto"), "image/jpeg");
    assert_eq!(code(b"Hallo\nWelt\n", "notiz.txt"), PLAIN);
    assert_eq!(code("Grüße".as_bytes(), ""), PLAIN);
    assert_eq!(code(b"Gr\xfc\xdfe aus Kreta", "brief.txt"), PLAIN_1252);
    assert_eq!(code(b"a;b\n1;2\n", "liste.CSV"), "text/csv");
    assert_eq!(code(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0", "alt.doc"), "application/msword");
    assert_eq!(code(b"Received: by x\r\nFrom: a@b.de\r\nSubject: Kreta\r\n\r\nHallo", "x.eml"), "message/rfc822");
}

#[test]
fn what_can_carry_a_script_is_never_shown_by_a_browser() {
    for (head, mime) in [
        (&b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"[..], SVG),
        (b"\xef\xbb\xbf \n<?xml version=\"1.0\"?><!-- c --><svg:svg/>", SVG),
        (b"<!DOCTYPE html><p>Hallo", HTML),
        (b"  <ScRiPt>alert(1)</script>", HTML),
        (b"\xff\xfe<\0s\0c\0r\0i\0p\0t\0>\0", HTML),
        (b"<\0h\0t\0m\0l\0>\0", HTML),
        (b"<!-- <html> -->\n<x/>", HTML),
        (b"<?xml version=\"1.0\"?><a/>", XML),
    ] {
        for name in ["bild.png", "seite.html", "text.txt", "rechnung.pdf"] {
            assert_eq!(code(head, name), mime, "{name}");
        }
        assert_eq!(view(mime), View::None);
    }
    assert_eq!(code(b"<3 Kreta, kleiner als < gross", "notiz.txt"), PLAIN);
}

#[test]
fn programs_are_refused_by_content_and_by_name() {
    for (head, name) in [
        (&b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0"[..], "rechnung.pdf"),
        (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "foto.jpg"),
        (b"#!/bin/sh\nrm -rf /\n", "notiz.txt"),
        (b"Set x = CreateObject(1)", "brief.vbs"),
        (b"%PDF-1.7", "rechnung.pdf.exe"),
        (b"alert(1)", "x.JS"),
    ] {
        assert_eq!(code(head, name), "program", "{name}");
    }
    assert_eq!(code(b"\0\x01\x02\x03\x04", "daten.bin"), "unknown_kind");
    assert_eq!(code(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "daten"), "unknown_kind");
    assert_eq!(code(b"", "leer.pdf"), "empty");
}

#[test]
fn every_kind_has_a_name_and_only_harmless_ones_are_shown() {
    for (mime, key, view) in TAKEN {
        assert!(kernel::sentence::knows(kernel::Locale::De, key), "{key}");
        let harmless = match view {
            View::Image => ["image/png", "image/jpeg", "image/gif", "image/webp"].contains(mime),
            View::Pdf => *mime == "application/pdf",
            View::Text => mime.starts_with("text/plain;"),
            View::None => true,
        };
        assert!(harmless, "{mime}");
    }
}
