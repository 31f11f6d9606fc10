list-columns = Spalten
list-column-email = E-Mail-Adresse
list-column-show = { $name } einblenden
list-column-hide = { $name } ausblenden
list-column-earlier = { $name } weiter nach vorn
list-dense = Niedrige Zeilen
list-roomy = Hohe Zeilen
list-archived = Archiv
list-view = Ansicht
list-view-new = Ansicht speichern
list-view-text = Filter, Spalten und Reihenfolge dieser Liste bleiben unter einem Namen erhalten.
list-view-name = Name der Ansicht
list-view-share = Für alle im Haus sichtbar
list-view-save = Speichern
list-view-saved = Ansicht gespeichert
list-view-removed = Ansicht entfernt
list-view-rename = Ansicht umbenennen
list-view-remove = Ansicht entfernen
list-view-usual = Kontakte immer so öffnen
list-view-unusual = Nicht mehr so öffnen
list-export = Ausgeben
list-export-head = Diese Liste ausgeben
list-export-too-many = Eine Excel-Datei nimmt hier höchstens { COUNT($most) } Kontakte auf, diese Liste hat { COUNT($n) }. Bitte schränken Sie die Liste ein oder nehmen Sie CSV.
list-bulk-all = alle Treffer der Liste
list-bulk-away = Ablage
list-bulk-archive = Archivieren
list-bulk-restore = Aus dem Archiv zurückholen
list-bulk-nobody = Niemand
list-bulk-title = Viele Kontakte ändern
list-bulk-go = Ausführen
list-bulk-stop = Anhalten
list-bulk-back = Zur Liste
list-bulk-planned = { $n ->
    [one] Ein Kontakt
   *[other] { COUNT($n) } Kontakte
}: { $unchanged ->
    [0] alle ändern sich.
    [one] einer ändert sich nicht.
   *[other] { COUNT($unchanged) } ändern sich nicht.
}
list-bulk-running = { COUNT($done) } von { COUNT($n) } Kontakten sind durch. Sie können diese Seite verlassen.
list-bulk-done = { $changed ->
    [0] Kein Kontakt hat sich geändert
    [one] Ein Kontakt geändert
   *[other] { COUNT($changed) } Kontakte geändert
}
list-bulk-undone = { $changed ->
    [0] Nichts zurückgenommen: Die Werte wurden seither geändert
    [one] Bei einem Kontakt zurückgenommen
   *[other] Bei { COUNT($changed) } Kontakten zurückgenommen
}
list-bulk-cancelled = Angehalten: { COUNT($changed) } von { COUNT($n) } Kontakten sind geändert.
customers-bulk-nobody = Es ist niemand ausgewählt. Bitte wählen Sie in der Liste mindestens einen Kontakt.
customers-bulk-value = Diesen Wert gibt es nicht. Bitte wählen Sie einen aus dem Menü.
customers-bulk-begun = Das läuft schon oder ist schon erledigt.
customers-view-nameless = Bitte geben Sie der Ansicht einen Namen mit höchstens { $most } Zeichen.
right-export_contacts = Kontakte ausgeben
audit-contact-exported = Kontakte ausgegeben
audit-bulk-changed = Viele Kontakte geändert
audit-bulk-undone = Änderung vieler Kontakte zurückgenommen
audit-view-saved = Ansicht gespeichert
audit-view-renamed = Ansicht umbenannt
audit-view-removed = Ansicht entfernt
audit-view-restored = Ansicht zurückgeholt
audit-subject-view = Ansicht
audit-subject-bulk = Sammeländerung
audit-detail-format = Format
audit-detail-list = Liste
audit-detail-shared = Für alle
