"""The pages of this room: the public, the guest list, the door."""
