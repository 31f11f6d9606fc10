target-title = Ziele
target-text = Was erreicht werden soll, und wie es steht. Ziele erscheinen auf den Kacheln der Übersicht.
target-list = Gesetzte Ziele
target-none = Noch ist kein Ziel gesetzt.
target-metric = Kennzahl
target-span = Zeitraum
target-segment = Für
target-value = Ziel
target-now = Jetzt
target-state = Stand
target-remove = Entfernen
target-remove-one = Ziel für { $name } entfernen
target-new = Ziel setzen
target-set = Ziel setzen
target-days = Tage
target-days-hint = Nur bei „letzte Tage“.
target-value-hint = Zum Beispiel 45.000, 3,5 % oder 1.200.000 €
target-everybody = Alle Kontakte
target-a-segment = Ein Segment
target-last-days = { $n ->
    [one] Heute
   *[other] Letzte { $n } Tage
}
target-span-month = Monat
target-span-quarter = Quartal
target-span-year = Jahr
target-span-days = Letzte Tage
target-reached = Erreicht
target-on-track = Auf Kurs, noch { $missing }
target-off-track = Nicht auf Kurs, noch { $missing }
target-metric-unknown = Diese Kennzahl gibt es nicht.
target-span-unknown = Diesen Zeitraum gibt es nicht.
target-days-odd = Bitte eine ganze Zahl von 1 bis 366.
target-value-odd = Bitte eine Zahl größer als null, höchstens zwei Nachkommastellen.
