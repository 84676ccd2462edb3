import ArgumentParser

PRDTrials.main()
