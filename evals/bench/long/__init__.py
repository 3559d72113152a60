"""Reports of any length against a scripted model: does cost grow as the report does?"""
