alert-contact-rise = { $name }: { $observed } Interaktionen { $days ->
    [one] an einem Tag
   *[other] in { $days } Tagen
}, üblich: { $expected }
alert-contact-fall = { $name } ist still geworden: { $observed } Interaktionen { $days ->
    [one] an einem Tag
   *[other] in { $days } Tagen
}, üblich: { $expected }
alert-segment-changed = Segment „{ $name }“: { $observed } Interaktionen { $days ->
    [one] an einem Tag
   *[other] in { $days } Tagen
}, üblich: { $expected }
alert-channel-changed = Kanal { $name }: { $observed } Interaktionen { $days ->
    [one] an einem Tag
   *[other] in { $days } Tagen
}, üblich: { $expected }
alert-campaign-changed = Kampagne „{ $name }“: Öffnungsrate { $observed } statt { $expected }
alert-metric-changed = { $name }: { $observed } { $days ->
    [one] an einem Tag
   *[other] in { $days } Tagen
}, üblich: { $expected }
alert-target-missed = Ziel verfehlt: { $name } { $value } statt { $goal }
alert-target-track = Ziel in Gefahr: { $name } { $value }, Ziel { $goal }
alert-digest-subject = { $n ->
    [one] Kundenkreis: eine Neuigkeit
   *[other] Kundenkreis: { $n } Neuigkeiten
}
alert-digest-lead = Das ist Ihnen in Kundenkreis gemeldet worden und noch ungelesen:
alert-digest-off = Diese E-Mail abbestellen oder ändern, was gemeldet wird
alert-direction-rise = Anstieg
alert-direction-fall = Rückgang
alert-subject-contact = Person
alert-subject-segment = Segment
alert-subject-channel = Kanal
alert-subject-campaign = Kampagne
alert-subject-metric = Kennzahl
change-title = Verhaltensänderungen
change-text = Was der Zufall nicht erklärt: Menschen, Segmente, Kanäle, Kampagnen und Kennzahlen der letzten 30 Tage.
change-none = Alles wie gewohnt
change-none-text = Jede Nacht wird geprüft, ob sich etwas auffällig verändert hat. Im Moment ist nichts zu melden.
change-look = Jetzt prüfen
change-wish = Schwellen ändern
change-all = Alle ansehen
change-why = Warum das gemeldet wurde
change-how = Wie sicher ist das?
change-chart = Verlauf
change-observed = Beobachtet
change-expected = Üblich
change-high = Band, oben
change-low = Band, unten
change-sudden = plötzlich
change-detail = { $observed } { $days ->
    [one] an einem Tag
   *[other] in { $days } Tagen
}, üblich: { $expected }
change-detail-rate = Öffnungsrate { $observed }, üblich: { $expected }
change-chance = Von solchen Meldungen sind im Mittel höchstens { $share } Zufall.
change-chance-tiny = Von tausend solchen Meldungen ist im Mittel höchstens eine Zufall.
change-method-person = Verglichen werden die letzten 1 bis 28 Tage mit den zwölf Wochen davor, mit dem Wochenrhythmus aller und unter Abzug dessen, was bei sprunghaftem Verhalten üblich ist. Alle Prüfungen einer Nacht werden gemeinsam beurteilt.
change-method-series = Verglichen werden der letzte Tag und die letzte Woche mit dem Median derselben Wochentage in zwölf Wochen, gemessen an der mittleren Abweichung. Alle Prüfungen einer Nacht werden gemeinsam beurteilt.
change-method-campaign = Verglichen wird die Öffnungsrate mit der früherer Kampagnen, gemessen an deren mittlerer Abweichung. Alle Prüfungen einer Nacht werden gemeinsam beurteilt.
change-to-person = Zur Person
change-to-people = Zu den Personen
notification-title = Benachrichtigungen
notification-text = Was Sie ansehen sollten. Neues steht oben.
notification-none = Nichts zu melden
notification-none-text = Hier erscheinen auffällige Veränderungen und verfehlte Ziele.
notification-new = neu
notification-older = Ältere
notification-read-all = Alle gelesen
notification-wish = Was gemeldet wird
notification-wish-text = Gilt nur für Sie.
notification-topics = Melden bei
notification-topic-person = Verhalten einer Person
notification-topic-segment = Verhalten in einem Segment
notification-topic-channel = Geschehen auf einem Kanal
notification-topic-campaign = Kampagne fällt aus dem Rahmen
notification-topic-metric = Kennzahl verändert sich
notification-topic-target = Ziel verfehlt oder in Gefahr
notification-strength = Stärke der Veränderung
notification-strength-hint = Gegenüber dem, was üblich ist. Ziele werden immer gemeldet.
notification-any = Jede
notification-from = Ab { $n } %
notification-segments = Nur diese Segmente
notification-channels = Nur diese Kanäle
notification-all-when-none = Ist keines gewählt, gelten alle.
notification-mail = E-Mail
notification-mail-daily = Einmal am Tag zusammenfassen, was ungelesen ist
notification-keep = Speichern
notification-bell = { $n ->
    [0] Benachrichtigungen
    [one] Benachrichtigungen, eine ungelesen
   *[other] Benachrichtigungen, { $n } ungelesen
}
