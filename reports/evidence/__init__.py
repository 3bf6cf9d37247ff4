"""What an auditor is shown of a team's drills: records, a chain over them, and the pages that tell and check them."""
