job-gave-up = Diese Aufgabe wurde nach { $attempts } Versuchen aufgegeben. Die IT findet die Ursache im Protokoll des Servers.
job-failed = Diese Aufgabe ist an einem technischen Fehler gescheitert. Die IT findet die Ursache im Protokoll des Servers.
job-unknown-kind = Dieser Server kennt die Aufgabe „{ $kind }“ nicht. Vermutlich läuft eine ältere Version.
