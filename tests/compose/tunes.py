"""Tunes in the public domain, or made for these tests, written down from memory.

Name: key, meter, pickup in quarter lengths, notes with their lengths in quarters unless they are 1; `^` is a fermata.
"""

TUNES = {
    "ode": ("D", "4/4", "0",
        "F#4 F#4 G4 A4 A4 G4 F#4 E4 D4 D4 E4 F#4 F#4:3/2 E4:1/2 E4:2 F#4 F#4 G4 A4 A4 G4 F#4 E4 D4 D4 E4 F#4 "
        "E4:3/2 D4:1/2 D4:2"),
    "old-hundredth": ("G", "4/4", "1",
        "G4 G4 F#4 E4 D4 G4 A4 B4^ B4 B4 B4 A4 G4 C5 B4 A4^ G4 A4 B4 A4 G4 E4 F#4 G4^ D5 B4 G4 A4 C5 B4 A4 "
        "G4:3^"),
    "twinkle": ("F", "4/4", "0",
        "F4 F4 C5 C5 D5 D5 C5:2 Bb4 Bb4 A4 A4 G4 G4 F4:2 C5 C5 Bb4 Bb4 A4 A4 G4:2 C5 C5 Bb4 Bb4 A4 A4 G4:2 F4 "
        "F4 C5 C5 D5 D5 C5:2 Bb4 Bb4 A4 A4 G4 G4 F4:2"),
    "innsbruck": ("F", "4/4", "1",
        "F4 F4 G4 A4 C5:3/2 Bb4:1/2 A4:2^ A4 C5 D5 C5 Bb4 A4:2 G4^ F4 G4 A4 C5 Bb4 A4:1/2 G4:1/2 A4 G4 F4:2^"),
    "minor-chorale": ("a", "4/4", "0",
        "A4 B4 C5 D5 E5 D5 C5 B4^ C5 D5 E5 C5 B4 G#4 A4:2^ E5 D5 C5 D5 C5 B4 A4:2^"),
    "god-save-the-king": ("G", "3/4", "0",
        "G4 G4 A4 F#4:3/2 G4:1/2 A4 B4 B4 C5 B4:3/2 A4:1/2 G4 A4 G4 F#4 G4:3 D5 D5 D5 D5:3/2 C5:1/2 B4 C5 C5 "
        "C5 C5:3/2 B4:1/2 A4 B4 C5:1/2 B4:1/2 A4:1/2 G4:1/2 B4:3/2 C5:1/2 D5 E5:1/2 C5:1/2 B4 A4 G4:3"),
    "nun-danket": ("F", "4/4", "1",
        "C5 C5 C5 D5 D5 C5:3^ A4 Bb4 A4 G4 A4 G4:2 F4^ C5 C5 C5 D5 D5 C5:3^ A4 Bb4 A4 G4 A4 G4:2 F4^ G4 G4 G4 "
        "A4 A4 G4:3^ G4 A4 Bb4 A4 G4 A4:3^ C5 D5 C5 Bb4 A4 Bb4:3^ A4 G4 A4 F4 G4 F4:3^"),
    "tallis-canon": ("G", "4/4", "1",
        "G4 G4 F#4 G4 G4 A4 A4 B4^ G4 C5 C5 B4 B4 A4 A4 G4^ D5 B4 C5 D5 D5 A4 A4 B4^ D4 E4 F#4 G4 G4 A4 F#4 "
        "G4^"),
    "au-clair-de-la-lune": ("G", "4/4", "0",
        "G4 G4 G4 A4 B4:2 A4:2 G4 B4 A4 A4 G4:4 G4 G4 G4 A4 B4:2 A4:2 G4 B4 A4 A4 G4:4 A4 A4 A4 A4 E4:2 E4:2 "
        "A4 G4 F#4 E4 D4:4 G4 G4 G4 A4 B4:2 A4:2 G4 B4 A4 A4 G4:4"),
    "frere-jacques": ("F", "4/4", "0",
        "F4 G4 A4 F4 F4 G4 A4 F4 A4 Bb4 C5:2 A4 Bb4 C5:2 C5:1/2 D5:1/2 C5:1/2 Bb4:1/2 A4 F4 C5:1/2 D5:1/2 "
        "C5:1/2 Bb4:1/2 A4 F4 F4 C4 F4:2 F4 C4 F4:2"),
    "amazing-grace": ("G", "3/4", "1",
        "D4 G4:2 B4:1/2 G4:1/2 B4:2 A4 G4:2 E4 D4:2 D4 G4:2 B4:1/2 G4:1/2 B4:2 A4 D5:5 B4 D5:2 B4:1/2 G4:1/2 "
        "B4:2 A4 G4:2 E4 D4:2 D4 G4:2 B4:1/2 G4:1/2 B4:2 A4 G4:5"),
    "greensleeves": ("a", "6/8", "1/2",
        "A4:1/2 C5 D5:1/2 E5:3/4 F5:1/4 E5:1/2 D5 B4:1/2 G4:3/4 A4:1/4 B4:1/2 C5 A4:1/2 A4:3/4 G#4:1/4 A4:1/2 "
        "B4 G#4:1/2 E4 A4:1/2 C5 D5:1/2 E5:3/4 F5:1/4 E5:1/2 D5 B4:1/2 G4:3/4 A4:1/4 B4:1/2 C5:3/4 B4:1/4 "
        "A4:1/2 G#4:3/4 F#4:1/4 G#4:1/2 A4:3/2 A4:3/2"),
    "joy-to-the-world": ("D", "4/4", "0",
        "D5:2 C#5:3/2 B4:1/2 A4:3 G4 F#4:2 E4:2 D4:3^ A4 B4:3 B4 C#5:3 C#5 D5:7^ D5 D5 C#5 B4 A4 A4:3/2 "
        "G4:1/2 F#4 D5 D5 C#5 B4 A4 A4:3/2 G4:1/2 F#4^ F#4 F#4 F#4 F#4 F#4:1/2 G4:1/2 A4:3 G4:1/2 F#4:1/2 E4 "
        "E4 E4 E4:1/2 F#4:1/2 G4:3 F#4:1/2 E4:1/2 D4 D5:2 B4 A4:3/2 G4:1/2 F#4 G4 F#4:2 E4:2 D4:4^"),
    "london-bridge": ("F", "4/4", "0",
        "C5:3/2 D5:1/2 C5 Bb4 A4 Bb4 C5:2 G4 A4 Bb4:2 A4 Bb4 C5:2 C5:3/2 D5:1/2 C5 Bb4 A4 Bb4 C5:2 G4:2 C5:2 "
        "A4 F4:3"),
    "marys-lamb": ("G", "4/4", "0",
        "B4 A4 G4 A4 B4 B4 B4:2 A4 A4 A4:2 B4 D5 D5:2 B4 A4 G4 A4 B4 B4 B4 B4 A4 A4 B4 A4 G4:4"),
    "jingle-bells": ("G", "4/4", "0",
        "B4 B4 B4:2 B4 B4 B4:2 B4 D5 G4:3/2 A4:1/2 B4:4 C5 C5 C5:3/2 C5:1/2 C5 B4 B4 B4:1/2 B4:1/2 B4 A4 A4 "
        "B4 A4:2 D5:2 B4 B4 B4:2 B4 B4 B4:2 B4 D5 G4:3/2 A4:1/2 B4:4 C5 C5 C5:3/2 C5:1/2 C5 B4 B4 B4:1/2 "
        "B4:1/2 D5 D5 C5 A4 G4:4"),
    "o-tannenbaum": ("F", "3/4", "1",
        "C4 F4:3/4 F4:1/4 F4 G4 A4:3/4 A4:1/4 A4:3/2 A4:1/2 G4:1/2 A4:1/2 Bb4 E4 G4 F4 C4 F4:3/4 F4:1/4 F4 G4 "
        "A4:3/4 A4:1/4 A4:3/2 A4:1/2 G4:1/2 A4:1/2 Bb4 E4 G4 F4 C5:1/2 C5:1/2 A4 D5:3/2 C5:1/2 C5:1/2 Bb4:1/2 "
        "Bb4:3/2 Bb4:1/2 G4 C5:3/2 Bb4:1/2 Bb4:1/2 A4:1/2 A4 C4 F4:3/4 F4:1/4 F4 G4 A4:3/4 A4:1/4 A4:3/2 "
        "A4:1/2 G4:1/2 A4:1/2 Bb4 E4 G4 F4"),
    "happy-birthday": ("F", "3/4", "1",
        "C4:3/4 C4:1/4 D4 C4 F4 E4:2 C4:3/4 C4:1/4 D4 C4 G4 F4:2 C4:3/4 C4:1/4 C5 A4 F4 E4 D4 Bb4:3/4 Bb4:1/4 "
        "A4 F4 G4 F4:2"),
    "ein-feste-burg": ("D", "4/4", "1",
        "D5 D5 D5 A4 B4:1/2 C#5:1/2 D5 C#5:1/2 B4:1/2 A4^ D5 C#5 B4 A4 B4 G4:1/2 F#4:1/2 E4 D4^ A4 D4 E4 F#4 "
        "E4 F#4 G4 F#4^ D5 C#5 D5 B4 C#5:1/2 B4:1/2 A4 G4 F#4^ D5 C#5 B4 A4 B4 G4:1/2 F#4:1/2 E4 D4:3^"),
    "lobe-den-herren": ("G", "3/4", "0",
        "G4 G4 D5 B4:3/2 A4:1/2 G4 F#4 E4 D4 E4 F#4 G4 A4:3/2 G4:1/2 A4 G4:3^ G4 G4 D5 B4:3/2 A4:1/2 G4 F#4 "
        "E4 D4 E4 F#4 G4 A4:3/2 G4:1/2 A4 G4:3^ D5 D5 D5 E5:2 E5 D5:3^ D5 C5 B4 A4 G4 A4 B4:3^ D4 E4 F#4 G4 "
        "A4 B4 A4:2 A4 G4:3^"),
    "auld-lang-syne": ("F", "4/4", "1",
        "C4 F4:3/2 F4:1/2 F4 A4 G4:3/2 F4:1/2 G4 A4 F4:3/2 F4:1/2 A4 C5 D5:3 D5 C5:3/2 A4:1/2 A4 F4 G4:3/2 "
        "F4:1/2 G4 A4 F4:3/2 D4:1/2 D4 C4 F4:3"),
    "good-king-wenceslas": ("G", "4/4", "0",
        "G4 G4 G4 A4 G4 G4 D4:2 E4 D4 E4 F#4 G4:2 G4:2 G4 G4 G4 A4 G4 G4 D4:2 E4 D4 E4 F#4 G4:2 G4:2 D5 C5 B4 "
        "A4 B4 A4 G4:2 E4 D4 E4 F#4 G4:2 G4:2 D4 D4 E4 F#4 G4 G4 A4:2 D5 C5 B4 A4 G4:2 C5:2 G4:4"),
    "hatikva": ("e", "4/4", "0",
        "E4:1/2 F#4:1/2 G4:1/2 A4:1/2 B4 B4 C5:1/2 B4:1/2 C5:1/2 E5:1/2 B4:2 A4 A4:1/2 A4:1/2 G4 G4 F#4:1/2 "
        "E4:1/2 F#4:1/2 G4:1/2 E4:2"),
    "lullaby": ("F", "3/4", "1",
        "A4:1/2 A4:1/2 C5:2 A4:1/2 A4:1/2 C5:2 A4:1/2 C5:1/2 F5 E5:3/2 D5:1/2 D5 C5 G4:1/2 A4:1/2 Bb4 G4 "
        "G4:1/2 A4:1/2 Bb4:2 G4:1/2 Bb4:1/2 E5:1/2 D5:1/2 C5 E5 F5:2"),
    "row-your-boat": ("F", "6/8", "0",
        "F4:3/2 F4:3/2 F4 G4:1/2 A4:3/2 A4 G4:1/2 A4 Bb4:1/2 C5:3 F5:1/2 F5:1/2 F5:1/2 C5:1/2 C5:1/2 C5:1/2 "
        "A4:1/2 A4:1/2 A4:1/2 F4:1/2 F4:1/2 F4:1/2 C5 Bb4:1/2 A4 G4:1/2 F4:3"),
    "alle-voegel": ("F", "4/4", "0",
        "F4:3/2 A4:1/2 C5 F5 D5 F5:1/2 D5:1/2 C5:2 Bb4:3/2 C5:1/2 A4 F4 G4:2 F4:2 C5 C5 Bb4 Bb4 A4 C5:1/2 "
        "A4:1/2 G4:2 C5 C5 Bb4 Bb4 A4 C5:1/2 A4:1/2 G4:2 F4:3/2 A4:1/2 C5 F5 D5 F5:1/2 D5:1/2 C5:2 Bb4:3/2 "
        "C5:1/2 A4 F4 G4:2 F4:2"),
    "der-mond": ("F", "4/4", "1",
        "F4 G4 F4 Bb4 A4 G4:2 F4^ A4 A4 A4 D5 C5 Bb4:2 A4^ A4 A4 A4 Bb4 A4 G4:3^ F4 G4 F4 Bb4 A4 G4:2 F4^ A4 "
        "A4 A4 D5 C5 Bb4:2 A4^ A4 A4 A4 Bb4:1/2 A4:1/2 G4 F4:3^"),
    "yankee-doodle": ("G", "2/4", "0",
        "G4:1/2 G4:1/2 A4:1/2 B4:1/2 G4:1/2 B4:1/2 A4 G4:1/2 G4:1/2 A4:1/2 B4:1/2 G4 F#4 G4:1/2 G4:1/2 A4:1/2 "
        "B4:1/2 C5:1/2 B4:1/2 A4:1/2 G4:1/2 F#4:1/2 D4:1/2 E4:1/2 F#4:1/2 G4 G4"),
    "hymn-in-34": ("D", "3/4", "0",
        "F#4:2 G4 A4:2 D5 C#5:2 B4 A4:3^ B4:2 A4 G4:2 F#4 E4:2 F#4 E4:3^ F#4:2 G4 A4:2 B4 A4:2 G4 F#4:3^ G4:2 "
        "F#4 E4:2 D4 E4:2 C#4 D4:3^"),
    "veni-emmanuel": ("e", "4/4", "1",
        "E4 G4 B4 B4 B4 A4 C5 B4 A4 G4:3^ A4 B4 G4 E4 G4 A4 F#4 E4 D4 E4:3^ A4 A4 E4 E4 F#4 G4:2 F#4 E4 D4:3^ "
        "G4 A4 B4 B4 B4 A4 C5 B4 A4 G4:3^ D5:2 D5 B4:2 B4:2 B4 B4 A4 C5 B4 A4 G4:3^ A4 B4 G4 E4 G4 A4 F#4 E4 "
        "D4 E4:3^"),
}
