# Störungen, die niemand am Bildschirm beheben kann
fault-database = Die Datenbank antwortet nicht. Ihre Eingabe ist nicht verloren: Laden Sie die Seite in einer Minute neu.
fault-disk-full = Auf dem Datenträger des Servers ist kein Platz mehr. Lesen geht weiter, Speichern nicht. Bitte die IT, Platz zu schaffen; danach geht es von selbst weiter.
fault-busy = Gerade ist zu viel los. Bitte in einigen Sekunden noch einmal versuchen.
