job-gave-up = This job was given up after { $attempts } attempts. IT finds the cause in the server's log.
job-failed = This job failed because of a technical fault. IT finds the cause in the server's log.
job-unknown-kind = This server does not know the job “{ $kind }”. It is probably an older version.
