[ "$(./tally --version)" = "tally 0.1" ]
