# Kampagnen: Liste und die vier Schritte
campaigns-title = Kampagnen
campaigns-lead = Jede Kampagne durchläuft vier Schritte. Was die Auswertung zeigt, fließt in die nächste Planung.
campaigns-plan = Kampagne planen
campaigns-plan-first = Erste Kampagne planen
campaigns-begin = Planung beginnen
campaigns-name-hint = Zum Beispiel „Toskana Frühling 2027“
campaigns-by-phase = Kampagnen nach Phase
campaigns-filter = Kampagnen filtern
campaigns-search = Kampagne suchen
campaigns-none-found = Keine Kampagne passt dazu.
campaigns-show-all = Alle zeigen
campaigns-count = { $n ->
    [one] Eine Kampagne
   *[other] { COUNT($n) } Kampagnen
}
campaigns-empty = Noch keine Kampagne
campaigns-empty-text = Eine Kampagne spricht ausgewählte Kunden an und misst, was daraus wird: wer geöffnet, geklickt, geantwortet und gebucht hat. Beginnen Sie mit einem Ziel.
campaign = Kampagne
campaign-planning = Planung
campaign-selection = Selektion
campaign-execution = Ausführung
campaign-evaluation = Auswertung
campaign-phase = Phase
campaign-sent = Versandt
campaign-opened = Geöffnet
campaign-clicked = Geklickt
campaign-bookings = Buchungen
campaign-revenue = Umsatz
campaign-circle = Kreislauf der Kampagne
campaign-step-done = Erledigt:
campaign-name = Name
campaign-to-selection = Weiter zur Selektion
campaign-to-execution = Weiter zur Ausführung
campaign-to-evaluation = Zur Auswertung

campaign-part-goal = 1. Ziel
campaign-part-mail = 2. E-Mail
campaign-part-audience = Zielgruppe
campaign-part-money = Kosten und Wirkung
campaign-goal = Was soll erreicht werden?
campaign-goal-new-customers = Neukunden gewinnen
campaign-goal-win-back = Kunden zurückgewinnen
campaign-goal-cross-sell = Zusätzliches verkaufen
campaign-goal-loyalty = Kunden binden
campaign-goal-information = Informieren
campaign-goal-text = Woran erkennen Sie den Erfolg?
campaign-goal-text-hint = In eigenen Worten, zum Beispiel „Termine im Mai füllen“
campaign-target = Ziel: Buchungen
campaign-target-hint = Zum Beispiel 200
campaign-segment = Segment
campaign-segments-manage = Segmente ansehen und anlegen
campaign-control-switch = Eine Kontrollgruppe erhält nichts
campaign-control-share = Anteil der Kontrollgruppe
campaign-control-hint = Nur so ist zu sehen, was die Kampagne wirklich bewirkt.
campaign-fixed-cost = Feste Kosten
campaign-unit-cost = Kosten je E-Mail
campaign-margin = Deckungsbeitrag
campaign-margin-hint = Anteil am Umsatz, der bleibt
campaign-attribution = Wirkungszeit
campaign-attribution-hint = Buchungen in dieser Zeit nach der E-Mail zählen.
campaign-days = Tage
campaign-sender-name = Absender: Name
campaign-sender-address = Absender: Adresse
campaign-reply-to = Antworten an
campaign-reply-to-hint = Leer: Antworten gehen an den Absender.
campaign-subject = Betreff
campaign-body = Text
campaign-body-hint = Leerzeile = neuer Absatz. # Überschrift, **fett**, [Text](Adresse) = Link, [[Text](Adresse)] in eigener Zeile = Knopf. Abmeldelink und Impressum werden angefügt.
campaign-insert = Einfügen
campaign-bold = Fett
campaign-link = Link
campaign-link-words = Text
campaign-button = Knopf
campaign-preview = Vorschau
campaign-preview-as = Ansehen als
campaign-preview-frame = Vorschau der E-Mail
campaign-preview-text = Textfassung
campaign-preview-missing = Bei dieser Person fehlt: { $fields }
campaign-plan-closed = Diese Kampagne ist freigegeben. Ihre Planung ist nur noch zu lesen.
campaign-not-saved = Noch nicht gespeichert.
campaign-not-saved-why = { $n ->
    [one] Ein Feld braucht Ihre Aufmerksamkeit. Ihr Text steht unverändert da.
   *[other] { COUNT($n) } Felder brauchen Ihre Aufmerksamkeit. Ihr Text steht unverändert da.
}
campaign-conflict = Jemand war schneller
campaign-conflict-why = Ihr Text ist nicht verloren: Vergleichen Sie beide Fassungen und entscheiden Sie.
campaign-conflict-theirs = Gespeichert
campaign-conflict-mine = Von Ihnen
campaign-conflict-take = Gespeicherte Fassung nehmen
campaign-conflict-keep = Meine Fassung speichern

campaign-change-plan = Planung ändern
campaign-approve = Freigeben
campaign-frozen = Die Zielgruppe steht fest. Wer die Einwilligung zurückzieht, erhält trotzdem nichts.
campaign-who = Wen wir ansprechen
campaign-waterfall = Von allen Treffern zu den Empfängern
campaign-waterfall-lead = Jeder Balken führt zu den Personen dahinter.
campaign-waterfall-none = Niemand passt auf dieses Segment. Lockern Sie eine Bedingung.
campaign-sample = Stichprobe
campaign-sample-lead = Zufällig gewählte Empfänger
campaign-sample-none = Es gibt keine Empfänger.
campaign-person = Person
campaign-email = E-Mail
campaign-kind = Art
campaign-last-order = Letzte Buchung
campaign-recipients = Empfänger
campaign-recipients-lead = erhalten die E-Mail
campaign-control-group = Kontrollgruppe
campaign-control-people = Personen ({ $share } %) passen ebenso und erhalten nichts.
campaign-control-none = Ohne Kontrollgruppe bleibt offen, wer auch von selbst gebucht hätte.
campaign-checks = Vor der Freigabe
campaign-check-good = gut
campaign-check-warn = prüfen
campaign-check-bad = fehlt
campaign-blocked = Freigeben geht, sobald nichts mehr fehlt.
campaign-no-segment = Noch keine Zielgruppe
campaign-no-segment-text = Ein Segment beschreibt in Bedingungen, wen Sie ansprechen möchten. Wählen Sie eines in der Planung oder legen Sie eines an.
campaign-choose-segment = Segment wählen

campaign-sending = Versand
campaign-progress = { $done } erledigt
campaign-progress-of = von { $total } E-Mails
campaign-ledger = Stand jeder E-Mail
campaign-ledger-lead = Jede Zahl führt zu den Personen.
campaign-pause = Anhalten
campaign-resume = Fortsetzen
campaign-resume-ask = Versand fortsetzen?
campaign-resume-text = Es geht dort weiter, wo angehalten wurde. Niemand erhält die E-Mail doppelt.
campaign-cancel = Abbrechen
campaign-cancel-ask = Versand abbrechen?
campaign-cancel-text = Was noch nicht versandt ist, wird nicht mehr versandt. Das lässt sich nicht zurücknehmen.
campaign-cancel-yes = Versand abbrechen
campaign-launch = Versand starten
campaign-launch-ask = An echte Menschen senden?
campaign-launch-text = { $n } Personen erhalten diese E-Mail. Anhalten können Sie jederzeit, Versandtes zurückholen nicht.
campaign-launch-yes = Jetzt senden
campaign-doubts = { $n ->
    [one] Eine E-Mail mit ungewissem Ausgang
   *[other] { COUNT($n) } E-Mails mit ungewissem Ausgang
}
campaign-doubts-text = Die Verbindung brach ab, nachdem die E-Mail übergeben und bevor sie bestätigt war. Vielleicht kam sie an, vielleicht nicht. Sie wird nie von selbst noch einmal versandt. Schauen Sie im Protokoll des Mailservers nach und entscheiden Sie.
campaign-doubt-sent = War versandt
campaign-doubt-not-sent = Nicht versandt
campaign-test = Probe
campaign-test-lead = Nur an die Adresse, die Sie nennen; zählt nirgends mit.
campaign-test-to = An
campaign-test-send = Probe senden
campaign-reactions = Reaktionen
campaign-reactions-none = Noch keine Reaktion.
campaign-feed-pause = Reaktionen anhalten

campaign-as-of = Stand { $at }
campaign-export = Ausgeben
campaign-nothing-sent = Noch nichts versandt
campaign-nothing-sent-text = Sobald die ersten E-Mails unterwegs sind, steht hier, was sie bewirken.
campaign-effect = Was hat die Kampagne bewirkt?
campaign-treated = Angesprochen
campaign-lift-chart = Buchungsquote mit Vertrauensbereich
campaign-revenue-incremental = Zusätzlicher Umsatz
campaign-revenue-attributed = Zugerechneter Umsatz
campaign-contribution = Deckungsbeitrag
campaign-cost = Kosten
campaign-profit = Gewinn der Kampagne
campaign-roi-none = Ohne Kosten gibt es keinen ROI.
campaign-metrics = E-Mail-Kennzahlen
campaign-metrics-lead = Quoten zählen Personen, nicht Ereignisse. Jede Zahl führt zu den Personen.
campaign-metric = Kennzahl
campaign-people = Personen
campaign-rate = Quote
campaign-formula = Wie gerechnet wird
campaign-machine-opens = { $n ->
    [one] Von Maschinen: eine Öffnung, nicht gezählt
   *[other] Von Maschinen: { COUNT($n) } Öffnungen, nicht gezählt
}
campaign-machine-clicks = { $n ->
    [one] ein Klick, nicht gezählt
   *[other] { COUNT($n) } Klicks, nicht gezählt
}
campaign-machine-show = Ansehen
campaign-course = Öffnungen und Klicks im Verlauf
campaign-course-lead = Personen seit dem Versand
campaign-course-chart = Öffnungen und Klicks im Verlauf
campaign-course-none = Noch hat niemand geöffnet.
campaign-opens = Öffnungen
campaign-clicks = Klicks
campaign-links = Welcher Link geklickt wurde
campaign-links-none = Die E-Mail enthält keinen Link.

campaigns-created = angelegt am { $day }
campaigns-next-segment = Zielgruppe wählen
campaigns-next-approve = Prüfen und freigeben
campaigns-next-launch = Versand starten
campaigns-next-look = Ansehen
campaigns-and-more = { $name } und { $n } weitere
campaign-unnamed = Neue Kampagne
campaign-note-target = Ziel { $n } Buchungen
campaign-note-audience = { $treated } von { $matched } Personen
campaign-note-no-segment = Noch keine Zielgruppe
campaign-note-sent = { $n } versandt
campaign-note-roi = Zugerechneter ROI { $roi }
campaign-was-saved = Gespeichert
campaign-was-approved = Freigegeben. Bevor es losgeht, können Sie sich eine Probe senden.
campaign-was-reopened = Die Kampagne ist wieder ein Entwurf.
campaign-was-launched = Der Versand ist gestartet.
campaign-was-paused = Der Versand ist angehalten.
campaign-was-resumed = Der Versand geht weiter.
campaign-was-cancelled = Die Kampagne ist abgebrochen.
campaign-was-tested = Die Probe ist unterwegs.
campaign-was-settled = Der Ausgang ist festgehalten.
campaign-segment-none = Noch keines gewählt
campaign-segment-people = { $n ->
    [one] Eine Person
   *[other] { COUNT($n) } Personen
}
campaign-amount-unreadable = Das ist kein Betrag. Beispiel: 1.250,00
campaign-percent-unreadable = Das ist kein Prozentwert. Beispiel: 12,5
campaign-conflict-by = { $name } hat gespeichert ({ $at }).
campaign-approved-by = Freigegeben von { $name }, { $at }.
campaign-frozen-later = Die Zielgruppe wird beim Start noch einmal berechnet und dann festgehalten.
campaign-check-see = Ansehen
campaign-check-mend = Ändern
campaign-rest-moment = weniger als eine Minute
campaign-rest-minutes = { $n ->
    [one] noch eine Minute
   *[other] noch { COUNT($n) } Minuten
}
campaign-test-refused = Die Probe an { $address } wurde nicht angenommen: { $reply }
campaign-conclude = Als ausgewertet ablegen
campaign-statistic-sent = Versand
campaign-statistic-viewed = Angesehen
campaign-statistic-answered = Geantwortet
campaign-statistic-sales = Zugerechnete Buchungen
campaign-effect-bookings = { $n } Buchungen
campaign-effect-against-control = gegenüber der Kontrollgruppe, auf alle Angesprochenen gerechnet.
campaign-effect-sound = Unterschied { $difference } Prozentpunkte, mit 95 % Sicherheit zwischen { $low } und { $high }: belastbar.
campaign-effect-unsound = Unterschied { $difference } Prozentpunkte, mit 95 % Sicherheit zwischen { $low } und { $high }: das kann auch Zufall sein.
campaign-effect-no-control = Diese Kampagne hat keine Kontrollgruppe. Darum ist offen, wer auch von selbst gebucht hätte.
campaign-effect-not-yet = Noch ist keine E-Mail zugestellt.
campaign-effect-too-few = Die Zielgruppe ist zu klein für eine Kontrollgruppe.
campaign-approved-at = Freigegeben am { $at }.
campaign-roi-attributed-head = Zugerechneter ROI
campaign-roi-incremental-head = Zusätzlicher ROI
campaign-roi-attributed-lead = Alle Buchungen im Wirkungszeitraum, die auf die E-Mail folgten
campaign-roi-incremental-lead = Nur was über die Kontrollgruppe hinausgeht
campaign-roi-beside = Zugerechneter ROI (jede Buchung nach der E-Mail): { $roi }, aus { $revenue } Umsatz.
campaign-roi-short = ROI, zugerechnet
campaign-statistic-people = Haben gebucht
campaign-to-approval = Zur Freigabe
campaign-not-yet-title = Noch nicht freigegeben
campaign-not-yet-text = Der Versand beginnt, sobald die Zielgruppe geprüft und freigegeben ist. Eine Probe können Sie sich jetzt schon senden.
campaign-note-evaluation = Was hat sie bewirkt?
