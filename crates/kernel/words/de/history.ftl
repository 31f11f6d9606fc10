contact-past = Änderungen
contact-past-of = Änderungen an { $name }
contact-past-text = Jede Änderung mit Wert vorher und nachher. Was seitdem niemand anders geändert hat, lässt sich zurücknehmen.
contact-past-empty = Noch nichts geändert
contact-past-empty-text = Sobald jemand etwas an diesem Kontakt ändert, steht es hier.
contact-past-made = angelegt
contact-past-undone = zurückgenommen
contact-past-undo-of = Änderung vom { $at } rückgängig machen
contact-past-done = Änderung zurückgenommen
contact-past-kept = Zurückgenommen, soweit möglich. { $n ->
    [one] Ein Wert bleibt, weil er seitdem geändert wurde.
   *[other] { $n } Werte bleiben, weil sie seitdem geändert wurden.
}
contact-past-nothing = nichts
contact-past-archived = im Archiv
history-cause-form = im Formular
history-cause-inline = in der Liste
history-cause-bulk = als Sammelaktion
history-cause-api = über die Schnittstelle
history-cause-tracking = durch die Website
history-cause-import = durch einen Import
history-cause-merge = beim Zusammenführen
history-cause-person = auf der eigenen Seite
history-cause-rule = durch das Programm
history-cause-retention = nach Ablauf der Frist
history-cause-undo = als Rücknahme
audit-contact-archived = Kontakt archiviert
audit-contact-restored = Kontakt zurückgeholt
audit-change-undone = Änderung zurückgenommen
audit-subject-change = Änderung
contact-past-tagged = ja
