# Dubletten: Kandidaten, Gründe, Zusammenführen
duplicates-title = Dubletten
duplicates-link = Dubletten ({ $n })
duplicates-intro = Kontakte, die wahrscheinlich dieselbe Person sind. Die sichersten stehen oben.
duplicates-count = { $n ->
    [0] keine offen
    [one] ein Paar offen
   *[other] { COUNT($n) } Paare offen
}
duplicates-scanned = Zuletzt verglichen { $when }, { COUNT($contacts) } Kontakte. Änderungen kommen laufend dazu.
duplicates-waiting = Der erste Vergleich läuft noch. Er beginnt von selbst und braucht bei einer Million Kontakten einige Minuten.
duplicates-skipped = { $n ->
    [one] Ein Merkmal teilen sich so viele Kontakte, dass es niemanden unterscheidet. Diese Gruppe wurde dabei ausgelassen.
   *[other] { COUNT($n) } Merkmale teilen sich so viele Kontakte, dass sie niemanden unterscheiden. Diese Gruppen wurden dabei ausgelassen.
}
duplicates-open = Offen
duplicates-dismissed = Verschiedene Personen
duplicates-merged = Zusammengeführt
duplicates-least = Wahrscheinlichkeit
duplicates-least-any = alle
duplicates-least-of = ab { $percent }
duplicates-filter = Kandidaten eingrenzen
duplicates-pair = { $one } und { $other }
duplicates-people = Kontakte
duplicates-why = Warum
duplicates-sure = Gleich
duplicates-against = Dagegen: { $reasons }
duplicates-compare = Vergleichen
duplicates-compare-of = { $one } und { $other } vergleichen
duplicates-differ = Verschieden
duplicates-differ-of = Verschieden: { $one } und { $other }
duplicates-reopen = Wieder öffnen
duplicates-none = Keine Dubletten
duplicates-none-text = Sobald zwei Kontakte dieselbe Person sein könnten, stehen sie hier nebeneinander.
duplicates-none-here = Hier steht kein Paar. Andere Filter zeigen vielleicht welche.
duplicates-is-dismissed = Als verschiedene Personen gemerkt
duplicates-is-reopened = Das Paar steht wieder in der Liste
duplicates-keys = Tasten: J und K gehen durch die Liste, Eingabe öffnet den Vergleich.
duplicates-automatic = Von selbst zusammenführen
duplicates-automatic-text = Paare ab dieser Wahrscheinlichkeit werden ohne Rückfrage zusammengeführt. Jede Zusammenführung steht im Verlauf und lässt sich zurücknehmen.
duplicates-automatic-off = Aus
duplicates-automatic-from = ab { $percent }
duplicates-automatic-saved = Gespeichert
duplicates-automatic-range = Bitte eine Wahrscheinlichkeit zwischen 90 % und 100 % wählen.
duplicates-history = Verlauf der Zusammenführungen
duplicates-history-none = Noch wurde nichts zusammengeführt.
duplicates-history-line = { $merged } ging in { $survivor } auf
duplicates-history-by = { $by }, { $when }
duplicates-history-automatic = von selbst
duplicates-history-undone = Zurückgenommen von { $by }, { $when }
duplicates-history-rows = { $n ->
    [0] keine Einträge mitgenommen
    [one] ein Eintrag mitgenommen
   *[other] { COUNT($n) } Einträge mitgenommen
}
duplicates-undo-of = Zusammenführung von { $name } zurücknehmen
duplicates-first-name = { $level ->
    [same] gleicher Vorname
    [swapped] Vor- und Nachname vertauscht
    [sounds] Vorname klingt gleich
    [near] Vorname fast gleich
    [part] Vorname abgekürzt oder nur einer von zweien
    [similar] Vorname ähnlich
   *[different] anderer Vorname
}
duplicates-last-name = { $level ->
    [same] gleicher Nachname
    [sounds] Nachname klingt gleich
    [near] Nachname fast gleich
    [part] Nachname nur einer von zweien
    [similar] Nachname ähnlich
   *[different] anderer Nachname
}
duplicates-birth-date = { $level ->
    [same] gleicher Geburtstag
    [swapped] Tag und Monat der Geburt vertauscht
    [near] Geburtstag bis auf einen Tippfehler gleich
    [part] Geburtstag zum Teil gleich
    [similar] Geburtstag ähnlich
   *[different] anderer Geburtstag
}
duplicates-email = { $level ->
    [same] gleiche E-Mail-Adresse
    [near] E-Mail-Adresse fast gleich
    [part] gleicher Name in der E-Mail-Adresse, anderer Anbieter
   *[different] andere E-Mail-Adresse
}
duplicates-phone = { $level ->
    [same] Telefon gleich
    [near] Telefon bis auf eine Ziffer gleich
    [part] Telefon gleich bis auf Vorwahl oder Durchwahl
   *[different] anderes Telefon
}
duplicates-street = { $level ->
    [same] gleiche Straße und Hausnummer
    [near] Straße fast gleich
    [part] gleiche Straße, andere Hausnummer
    [similar] Straße ähnlich
   *[different] andere Straße
}
duplicates-postal-code = { $level ->
    [same] gleiche Postleitzahl
    [near] Postleitzahl bis auf einen Tippfehler gleich
    [part] gleiche Postleitregion
    [similar] Postleitzahl ähnlich
   *[different] andere Postleitzahl
}
duplicates-city = { $level ->
    [same] gleicher Ort
    [sounds] Ort klingt gleich
    [near] Ort fast gleich
    [part] Ort zum Teil gleich
    [similar] Ort ähnlich
   *[different] anderer Ort
}
duplicates-company = { $level ->
    [same] gleiche Firma
    [near] Firma fast gleich
    [part] Firma zum Teil gleich
    [similar] Firma ähnlich
   *[different] andere Firma
}
merge-title = Zusammenführen
merge-lead = Links bleibt, rechts geht darin auf. Wählen Sie für jede Zeile, was gelten soll.
merge-stays = bleibt
merge-goes = geht auf
merge-same = gleich
merge-empty = leer
merge-number = Kundennummer
merge-history = Verlauf
merge-history-of = { $n ->
    [0] keine Einträge
    [one] ein Eintrag
   *[other] { COUNT($n) } Einträge
} seit { $since }
merge-swap = Seiten tauschen
merge-field-name = Name
merge-field-salutation = Anrede
merge-field-title = Titel
merge-field-kind = Art
merge-field-birth-date = Geburtstag
merge-field-email = E-Mail
merge-field-phone = Telefon
merge-field-address = Anschrift
merge-field-company = Firma
merge-field-language = Sprache
merge-field-source = Herkunft
merge-field-budget = Budget
merge-choose = Was gilt
merge-choose-of = { $field }: { $value }
merge-choice-missing = nichts eingetragen
merge-agree = Darin sind beide gleich
merge-what-moves = Was mitkommt
merge-moves-none = An diesem Kontakt hängt nichts weiter.
merge-moves-interaction = { $n ->
    [one] ein Eintrag im Verlauf
   *[other] { COUNT($n) } Einträge im Verlauf
}
merge-moves-purchase = { $n ->
    [one] eine Buchung
   *[other] { COUNT($n) } Buchungen
}
merge-moves-consent = { $n ->
    [one] eine Einwilligung oder ein Widerruf
   *[other] { COUNT($n) } Einwilligungen und Widerrufe
}
merge-moves-visitor = { $n ->
    [one] ein erkannter Besucher der Website
   *[other] { COUNT($n) } erkannte Besucher der Website
}
merge-moves-identity_edge = { $n ->
    [one] eine Zuordnung eines Besuchers
   *[other] { COUNT($n) } Zuordnungen von Besuchern
}
merge-moves-message = { $n ->
    [one] eine Nachricht
   *[other] { COUNT($n) } Nachrichten
}
merge-moves-audience = { $n ->
    [one] ein Platz in der Zielgruppe einer Kampagne
   *[other] { COUNT($n) } Plätze in Zielgruppen von Kampagnen
}
merge-moves-agenda_item = { $n ->
    [one] ein Eintrag der Agenda
   *[other] { $n } Einträge der Agenda
}
merge-moves-contact_link = { $n ->
    [one] eine Verbindung zu einem anderen Kontakt
   *[other] { $n } Verbindungen zu anderen Kontakten
}
merge-moves-document = { $n ->
    [one] ein Dokument
   *[other] { $n } Dokumente
}
merge-moves-data_confirmation = { $n ->
    [one] eine Bestätigung der Kontaktdaten
   *[other] { $n } Bestätigungen der Kontaktdaten
}
merge-moves-confirmation_request = { $n ->
    [one] eine Bitte um Bestätigung
   *[other] { $n } Bitten um Bestätigung
}
merge-moves-privacy_request = { $n ->
    [one] eine Anfrage zum Datenschutz
   *[other] { COUNT($n) } Anfragen zum Datenschutz
}
merge-moves-consent_request = { $n ->
    [one] eine Bitte um Einwilligung
   *[other] { COUNT($n) } Bitten um Einwilligung
}
merge-moves-privacy_package = { $n ->
    [one] ein Auskunftspaket
   *[other] { COUNT($n) } Auskunftspakete
}
merge-consents = Was danach erlaubt ist
merge-consents-note = Sagen beide etwas anderes, gilt das Strengere: Ein Widerruf geht nie verloren.
merge-consent-yes = erlaubt
merge-consent-no = nicht erlaubt
merge-consents-none = Zu Einwilligungen ist nichts bekannt.
merge-stays-note = { $name } bleibt archiviert. Links und die alte Kundennummer { $number } führen zu diesem Kontakt.
merge-do = Zusammenführen
merge-done = { $name } wurde zusammengeführt
merge-undone = Die Zusammenführung ist zurückgenommen
merge-with-itself = Das ist zweimal derselbe Kontakt. Bitte wählen Sie zwei verschiedene.
merge-already = { $name } ist schon in { $into } aufgegangen. Bitte führen Sie mit diesem Kontakt zusammen.
merge-archived = { $name } ist archiviert. Archivierte Kontakte werden nicht zusammengeführt.
merge-held = Für { $name } gilt eine Aufbewahrungspflicht. Solange sie gilt, wird der Kontakt nicht zusammengeführt.
merge-withdrawn = Die Daten dieser Person sind eingeschränkt oder gelöscht. Die Zusammenführung bleibt, wie sie ist.
merge-unknown-field = Das Feld „{ $value }“ gibt es nicht.
merge-undone-there = Diese Änderung gehört zu einer Zusammenführung. Bitte nehmen Sie sie unter „Dubletten“ im Verlauf zurück.
merge-undone-already = Diese Zusammenführung ist schon zurückgenommen.
merge-merged-since = { $name } ist inzwischen selbst in { $into } aufgegangen. Bitte nehmen Sie zuerst diese Zusammenführung zurück.
merge-stale = Einer der beiden Kontakte wurde inzwischen geändert. Sie sehen jetzt den neuen Stand; Ihre Auswahl ist noch da.
audit-contact-merged = Kontakte zusammengeführt
audit-contact-merged_away = Kontakt in einem anderen aufgegangen
audit-contact-unmerged = Zusammenführung zurückgenommen
audit-duplicates-dismissed = Dublette als verschieden gemerkt
audit-duplicates-reopened = Dublette wieder geöffnet
audit-duplicates-automatic = Automatisches Zusammenführen eingestellt
audit-actor-duplicates = Dublettenprüfung
audit-detail-thousandths = ab Promille
audit-detail-automatic = von selbst
audit-detail-other = anderer Kontakt
audit-detail-rows = Einträge
audit-detail-interaction = Interaktionen
audit-detail-purchase = Buchungen
audit-detail-consent = Einwilligungen
audit-detail-visitor = Besucher
audit-detail-identity-edge = Zuordnungen
audit-detail-message = Nachrichten
audit-detail-audience = Zielgruppen
privacy-table-contact-merge = Zusammenführungen
privacy-table-duplicate-pair = Mögliche Dubletten
