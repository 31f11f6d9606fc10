dashboard-morning = Guten Morgen, { $name }
dashboard-day = Guten Tag, { $name }
dashboard-evening = Guten Abend, { $name }
dashboard-plan = Kampagne planen
dashboard-import = Kunden importieren
dashboard-period = Zeitraum
dashboard-last-7 = Letzte 7 Tage
dashboard-last-30 = Letzte 30 Tage
dashboard-last-90 = Letzte 90 Tage
dashboard-last-365 = Letzte 365 Tage
dashboard-compared = verglichen mit
dashboard-before = Vorperiode
dashboard-as-of = Stand { $time }
dashboard-channels = Interaktionen nach Kanal
dashboard-channels-text = Je Woche. Jede Säule führt zu den Personen.
dashboard-funnel = Conversion-Trichter
dashboard-funnel-reached = Erreicht
dashboard-funnel-opened = Geöffnet
dashboard-funnel-clicked = Geklickt
dashboard-funnel-ordered = Gebucht
dashboard-campaigns = Beste Kampagnen
dashboard-campaigns-all = Alle Kampagnen
dashboard-campaigns-none = In diesem Zeitraum lief keine Kampagne.
dashboard-campaign = Kampagne
dashboard-sent = Versandt
dashboard-opened = Geöffnet
dashboard-orders = Buchungen
dashboard-revenue = Umsatz
dashboard-tile-interactions = Interaktionen
dashboard-tile-per-contact = Interaktionen je Kontakt
dashboard-tile-contacts = Kontakte
dashboard-tile-orders = Buchungen
dashboard-tile-revenue = Umsatz
dashboard-tile-open-rate = E-Mail-Öffnungsrate
dashboard-tile-click-rate = Klickrate
dashboard-tile-conversion = Conversion-Rate
dashboard-tile-sent = E-Mails versandt
dashboard-tile-before = zuvor { $value }
dashboard-feed = Gerade eben
dashboard-feed-pause = Strom anhalten
dashboard-feed-empty = Noch ist nichts geschehen. Neue Interaktionen erscheinen hier von selbst.
dashboard-feed-stranger = Unbekannter Besucher
dashboard-live = Live
dashboard-next = Daraus folgt
dashboard-empty = Willkommen bei Kundenkreis
dashboard-empty-text = Hier sehen Sie bald, wie es läuft. Der erste Schritt: Ihre Kunden aus einer Datei importieren. Das dauert etwa fünf Minuten.
dashboard-points = PP
dashboard-week = KW { $week }
dashboard-channels-days = Je Tag, nur Menschen. Rechts die Summen des Zeitraums.
dashboard-channels-weeks = Je Woche, nur Menschen. Rechts die Summen des Zeitraums.
dashboard-funnel-text = Kampagnen des Zeitraums, { $rate } von erreicht zu gebucht
dashboard-quoted = „{ $text }“
dashboard-next-segment = Wer reagiert gerade, wer nicht mehr?
dashboard-next-segment-go = Segment bauen
dashboard-next-import = Ist alles auf dem neuesten Stand?
dashboard-did-sent = { $has ->
    [yes] erhält { $what }
   *[no] erhält eine E-Mail
}
dashboard-did-delivered = { $has ->
    [yes] hat { $what } im Postfach
   *[no] hat eine E-Mail im Postfach
}
dashboard-did-bounced = { $has ->
    [yes] war für { $what } nicht erreichbar
   *[no] war per E-Mail nicht erreichbar
}
dashboard-did-opened = { $has ->
    [yes] öffnet { $what }
   *[no] öffnet eine E-Mail
}
dashboard-did-clicked = { $has ->
    [yes] klickt in { $what }
   *[no] klickt in einer E-Mail
}
dashboard-did-replied = { $has ->
    [yes] antwortet auf { $what }
   *[no] antwortet per E-Mail
}
dashboard-did-unsubscribed = { $has ->
    [yes] meldet sich nach { $what } ab
   *[no] meldet sich ab
}
dashboard-did-complained = { $has ->
    [yes] meldet { $what } als Spam
   *[no] meldet eine E-Mail als Spam
}
dashboard-did-page_viewed = { $has ->
    [yes] liest { $what }
   *[no] besucht die Website
}
dashboard-did-searched = { $has ->
    [yes] sucht nach { $what }
   *[no] sucht auf der Website
}
dashboard-did-form_submitted = { $has ->
    [yes] sendet das Formular { $what }
   *[no] sendet ein Formular
}
dashboard-did-banner_shown = { $has ->
    [yes] sieht das Banner { $what }
   *[no] sieht ein Banner
}
dashboard-did-banner_clicked = { $has ->
    [yes] klickt auf das Banner { $what }
   *[no] klickt auf ein Banner
}
dashboard-did-product_viewed = { $has ->
    [yes] sieht sich { $what } an
   *[no] sieht sich ein Angebot an
}
dashboard-did-basket_changed = { $has ->
    [yes] legt { $what } in den Warenkorb
   *[no] füllt den Warenkorb
}
dashboard-did-basket_abandoned = { $has ->
    [yes] verlässt den Warenkorb mit { $what }
   *[no] verlässt den Warenkorb
}
dashboard-did-order_placed = { $has ->
    [yes] bucht { $what }
   *[no] bucht
}
dashboard-did-order_cancelled = { $has ->
    [yes] storniert { $what }
   *[no] storniert eine Buchung
}
dashboard-did-call_in = { $has ->
    [yes] ruft an: { $what }
   *[no] ruft an
}
dashboard-did-call_out = { $has ->
    [yes] wird angerufen: { $what }
   *[no] wird angerufen
}
dashboard-did-call_missed = { $has ->
    [yes] hat uns nicht erreicht: { $what }
   *[no] hat uns telefonisch nicht erreicht
}
dashboard-did-printed = { $has ->
    [yes] bekommt den Brief { $what }
   *[no] bekommt einen Brief
}
dashboard-did-returned = { $has ->
    [yes] hat den Brief { $what } nicht erhalten
   *[no] hat einen Brief nicht erhalten
}
dashboard-did-liked = { $has ->
    [yes] mag { $what }
   *[no] mag unseren Beitrag
}
dashboard-did-shared = { $has ->
    [yes] teilt { $what }
   *[no] teilt unseren Beitrag
}
dashboard-did-commented = { $has ->
    [yes] kommentiert { $what }
   *[no] kommentiert unseren Beitrag
}
dashboard-did-mentioned = { $has ->
    [yes] erwähnt uns in { $what }
   *[no] erwähnt uns
}
dashboard-did-messaged = { $has ->
    [yes] schreibt uns zu { $what }
   *[no] schreibt uns eine Nachricht
}
dashboard-did-ticket_opened = { $has ->
    [yes] fragt an: { $what }
   *[no] stellt eine Anfrage
}
dashboard-did-ticket_closed = { $has ->
    [yes] hat eine Antwort auf { $what }
   *[no] hat eine Antwort auf die Anfrage
}
dashboard-did-feedback_given = { $has ->
    [yes] gibt Feedback zu { $what }
   *[no] gibt Feedback
}
dashboard-did-invited = { $has ->
    [yes] ist zu { $what } eingeladen
   *[no] ist eingeladen
}
dashboard-did-registered = { $has ->
    [yes] meldet sich zu { $what } an
   *[no] meldet sich zu einer Veranstaltung an
}
dashboard-did-attended = { $has ->
    [yes] nimmt an { $what } teil
   *[no] nimmt an einer Veranstaltung teil
}
dashboard-did-shown = { $has ->
    [yes] sieht den Vorschlag { $what }
   *[no] sieht einen Vorschlag
}
dashboard-did-accepted = { $has ->
    [yes] nimmt { $what } an
   *[no] nimmt einen Vorschlag an
}
dashboard-did-declined = { $has ->
    [yes] lehnt { $what } ab
   *[no] lehnt einen Vorschlag ab
}
dashboard-did-lead_captured = { $has ->
    [yes] interessiert sich für { $what }
   *[no] zeigt Interesse
}
dashboard-did-lead_graded = { $has ->
    [yes] ist als { $what } eingestuft
   *[no] ist eingestuft
}
dashboard-did-lead_assigned = { $has ->
    [yes] wird betreut von { $what }
   *[no] hat eine Betreuung
}
dashboard-did-lead_escalated = { $has ->
    [yes] wartet zu lange auf { $what }
   *[no] wartet zu lange auf Antwort
}
dashboard-did-stage_changed = { $has ->
    [yes] rückt vor zu { $what }
   *[no] rückt in der Verkaufschance vor
}
dashboard-did-quote_sent = { $has ->
    [yes] erhält das Angebot { $what }
   *[no] erhält ein Angebot
}
dashboard-did-quote_decided = { $has ->
    [yes] entscheidet über { $what }
   *[no] entscheidet über ein Angebot
}
dashboard-did-contract_signed = { $has ->
    [yes] unterschreibt { $what }
   *[no] unterschreibt einen Vertrag
}
dashboard-next-stopped = „{ $name }“ ist stehen geblieben
dashboard-next-stopped-text = Der Versand hat von selbst angehalten. Dort steht, warum.
dashboard-next-stopped-go = Nachsehen
dashboard-next-paused = „{ $name }“ ist angehalten
dashboard-next-paused-text = Ein Teil der E-Mails wartet noch.
dashboard-next-paused-go = Fortsetzen oder abbrechen
dashboard-next-approved = „{ $name }“ ist freigegeben
dashboard-next-approved-text = Alles ist bereit, nur der Start fehlt.
dashboard-next-approved-go = Zum Versand
dashboard-next-draft = „{ $name }“ wartet auf Freigabe
dashboard-next-draft-text = Sehen Sie nach, wer die E-Mail bekommt und wer nicht.
dashboard-next-draft-go = Prüfen und freigeben
dashboard-next-ended = „{ $name }“ ist versandt
dashboard-next-ended-text = { $n ->
    [0] Noch keine Buchung kam daraus. Was lernen Sie für die nächste?
    [one] Eine Buchung, { $revenue } Umsatz. Was lernen Sie für die nächste?
   *[other] { COUNT($n) } Buchungen, { $revenue } Umsatz. Was lernen Sie für die nächste?
}
dashboard-next-ended-go = Auswertung ansehen
dashboard-next-fallen = { $what }: weniger als zuvor
dashboard-next-fallen-text = { $now } statt { $before } im Zeitraum davor.
dashboard-next-fallen-go = Nachsehen, woran es liegt
dashboard-next-segment-text = Ein Segment zählt es in einem Augenblick.
dashboard-next-import-text = Neue Kunden und Buchungen halten die Zahlen frisch.
dashboard-last-1 = Heute
dashboard-year-before = Vorjahr
dashboard-own-period = Eigener Zeitraum …
dashboard-from = Erster Tag
dashboard-to = Letzter Tag
dashboard-show = Anzeigen
dashboard-unread = Ein Teil der Adresse war nicht zu lesen.
dashboard-unread-text = Nicht berücksichtigt: { $what }. Alles andere gilt.
dashboard-quality-age = { $n ->
    [one] Ein Kontakt hat kein Geburtsdatum.
   *[other] { $n } Kontakte haben kein Geburtsdatum.
}
dashboard-quality-age-text = Der Altersfilter kann sie nicht finden.
dashboard-segment-gone = gelöscht
dashboard-arrange = Kacheln anordnen
dashboard-arrange-text = Nur für Sie. Mit den Pfeilen oder durch Ziehen.
dashboard-arrange-done = Fertig
dashboard-arrange-reset = Wie am Anfang
dashboard-left = { $name } nach links
dashboard-right = { $name } nach rechts
dashboard-away = { $name } wegnehmen
dashboard-target = Ziel { $goal }
dashboard-target-missing = Ziel { $goal }, noch { $missing }
dashboard-target-most = Ziel höchstens { $goal }
dashboard-target-exceeded = Ziel höchstens { $goal }, { $missing } darüber
dashboard-targets-reached = { $met } von { $all } Zielen erreicht
dashboard-next-plan-go = Kampagne planen
dashboard-next-baskets = { $n ->
    [one] Ein offener Korb
   *[other] { COUNT($n) } offene Körbe
}
dashboard-next-baskets-text = In zwei Wochen zurückgelassen und seither nichts gekauft
dashboard-next-silent = { $n ->
    [one] Eine Person ist still geworden
   *[other] { COUNT($n) } Personen sind still geworden
}
dashboard-next-silent-text = Haben oft geschaut, seit vier Wochen nicht mehr
dashboard-next-curious = { $n ->
    [one] Eine Person schaut immer wieder
   *[other] { COUNT($n) } Personen schauen immer wieder
}
dashboard-next-curious-text = Mindestens viermal in zwei Wochen, ohne zu buchen
idea-baskets = Offene Körbe
idea-silent = Still geworden
idea-curious = Schauen immer wieder
idea-description = Aus der Übersicht
