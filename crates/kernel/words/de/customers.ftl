# Kontakte
customers-unknown-channel = Den Kanal „{ $channel }“ gibt es nicht.
