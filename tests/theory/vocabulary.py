"""Roman numerals the tests try in every key."""


def words(text: str) -> list[str]:
    """The words of a block of text."""
    return text.split()


MAJOR = words("""
I I6 I64 ii ii6 ii64 iii iii6 iii64 IV IV6 IV64 V V6 V64 vi vi6 vi64 viio viio6 viio64
Imaj7 I7 I65 I43 I42 ii7 ii65 ii43 ii42 iii7 iii65 iii43 iii42 IV7 IV65 IV43 IV42 V7 V65 V43 V42 V2
vi7 vi65 vi43 vi42 viiø7 viiø65 viiø43 viiø42 viio7 viio65 viio43 viio42
ii6/5 V4/3 V6/5 V4/2 vii/o7 I9 ii9 V9 IV9 V11 V13
i i6 i64 iv iv6 iv64 iv7 iv65 iio iio6 iiø7 iiø65 iiø43 iiø42 bIII bIII6 bVI bVI6 bVI64 bVII bVII6 v v6 v7
bVI7 bIII7 bII bII6 N6 N64 It6 Fr43 Ger65 Fr6 Ger6 Cad64 I+ I+6 V+ V+7 V+65 IV+ #ivo7 #ivo65 #ivø7 #io7 II7 III7 VI7
V/V V6/V V7/V V65/V V43/V V42/V viio7/V viio65/V viio43/V viio42/V viiø7/V viio/V viio6/V V7/ii V65/ii viio7/ii
V7/iii V7/IV V65/IV V42/IV V7/vi V65/vi V43/vi viio7/vi viio65/vi viio7/iii V9/vi V9/V V7/bVI V7/bIII V65/N
ii/V ii65/V iiø65/ii IV/V iv6/ii V7/V/V V7/V/ii viio7/V/vi V7/IV/V Vsus4 V7sus4 V7[no3] I[no5] I[add9] I[add6]
Id7 IVd7 Id65 bVIId7 Ger65/V It6/V N6/ii V7[b5] V[#5]
""")

MINOR = words("""
i i6 i64 I iio iio6 iio64 ii ii6 III III6 III64 III+ III+6 iv iv6 iv64 IV IV6 V V6 V64 v v6 v64 VI VI6 VI64 VII VII6
vi vi6 vio vio6 viio viio6 viio64 vii
i7 i65 i43 i42 iiø7 iiø65 iiø43 iiø42 iio7 ii7 ii65 III7 III65 III+7 iv7 iv65 iv43 iv42 IV7 IV65 V7 V65 V43 V42 V2
v7 v65 VI7 VI65 VI43 VI42 VImaj7 VII7 VII65 VII43 VII42 vi7 vi65 viø7 viø65 viio7 viio65 viio43 viio42 viiø7 viiø65
ii6/5 V4/3 V6/5 V4/2 vii/o7 i9 V9 IV9 iv9 viio9
bII bII6 N6 N64 It6 Fr43 Ger65 Fr6 Ger6 Cad64 V+ V+7 I+ #ivo7 #ivo65 #ivø7
V/V V6/V V7/V V65/V V43/V V42/V viio7/V viio65/V viio43/V viio42/V V7/v viio7/v V7/iv V65/iv V42/iv viio7/iv viio65/iv
V7/III V65/III V43/III viio7/III V7/VI V65/VI viio6/VI V7/VII V65/VII viio7/VII V7/ii V7/N V9/iv V9/V V7/vi V7/vii
ii/V iiø65/V iiø65/iv iv/V V7/V/V V7/V/III viio7/V/iv Vsus4 V7sus4 V7[no3] i[no5] i[add9]
Id7 Ger65/V It6/iv N6/iv V7[b5]
""")

OWN = words("""
N N53 CTo7 CTo65 CTo42/V V765 V432 V7642 Vsus2 V9sus4 V7[b9] V7[#9] Imaj7 bVII7 Fr65 Ger7 Cad64/V V[add4]
""")
"""Numerals music21 does not know, or spells differently."""
