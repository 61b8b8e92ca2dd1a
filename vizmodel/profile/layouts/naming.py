"""Owns which column names the rows of a table: a team, a country, a model, a question.

A name that stands once is no group, but where years are gathered each row has a course of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from vizmodel.design import Fold
from vizmodel.patterns import late_pattern
from vizmodel.profile import words
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.reading.values import ColumnValues

#: Most rows of a table of which single ones are named, and fewest.
MAX_NAMED, MIN_NAMED = 1_000, 3
#: Columns up to which any number of rows have names, of which the largest are told, and up to which
#: persons have.
NARROW, ALONE = 3, 2
#: Labels that tell what all of them are.
MAX_READ = 1_000
#: Share of the rows that have a name of their own at least: published tables have slips.
NEARLY_ALL = 0.95
#: Characters of a name on average at most: longer texts are sentences.
MAX_NAME = 32
#: What is called so is a person.
PERSON = late_pattern(
    r"\b(persons?|people|players?|students?|pupils?|patients?|employees?|staff|workers?|teachers?"
    r"|lecturers?|customers?|clients?|users?|members?|drivers?|riders?|passengers?|athletes?"
    r"|runners?|swimmers?|pitchers?|batters?|goalies?|contestants?|candidates?|applicants?"
    r"|respondents?|bakers?|chefs?|congress(man|woman|person)|deputy|deputies|ministers?|kings?"
    r"|participants?|subjects?|authors?|artists?|actors?|actress(es)?|singers?|directors?"
    r"|coach(es)?|managers?|owners?|winners?|doctors?|physicians?|surgeons?|nurses?|senators?"
    r"|presidents?|politicians?|representatives?|donors?|contacts?|agents?|rep|reps|child"
    r"|children|victims?|criminals?|judges?|celebrity|celebrities|composers?|e ?mails?"
    r"|user ?names?|full ?names?|mothers?|fathers?|individuals?|spieler|schüler|kunde"
    r"|mitarbeiter|fahrer|autor)\b|\blast$"
)
#: Such persons are known by their names, and who of them is first is what a table of them is for.
PUBLIC = late_pattern(
    r"\b(players?|athletes?|drivers?|riders?|cyclists?|runners?|swimmers?|skiers?|golfers?|boxers?"
    r"|pitchers?|batters?|batsm[ae]n|bowlers?|goal(ies?|keepers?)|scorers?|champions?"
    r"|actors?|actress(es)?|singers?|artists?|authors?|writers?|composers?|directors?"
    r"|senators?|presidents?|politicians?|ministers?|kings?|celebrity|celebrities|billionaires?"
    r"|spieler|sportler|torschützen?|künstler|sänger|schauspieler|autor|joueurs?|jugador(es)?)$"
)
#: Where a column is called so, rows are persons.
OF_PERSONS = late_pattern(
    r"^(sex|gender|geschlecht|sexe|sexo|birth ?(date|day|year)|date of birth)$"
)
#: What persons are told of, where a column of names does not say of what it is.
TOLD_OF_PERSONS = late_pattern(
    r"\b(age|salary|wages?|departments?|dept|job|occupation|profession|hire date|hired|party|phone"
    r"|e ?mail|marital( status)?|married|nationality|jersey|grade|gehalt|alter|abteilung|beruf)\b"
)
GENERAL_NAME = late_pattern(
    r"^(unnamed: ?\d+|row ?names?|names?|nom|nombre|nome|x1?|id|label|subject)$"
)
#: Family names that are common, and no words.
FAMILY = late_pattern(
    r"smith|johnson|williams|jones|miller|davis|garcía|garcia|rodriguez|wilson|anderson|taylor"
    r"|moore|thompson|harris|lewis|robinson|müller|mueller|schmidt|schneider|fischer|meyer|meier"
    r"|becker|schulz|hoffmann|kowalski|novak|nguyen|kim|chen|wang|zhang|singh|kumar|patel|khan"
    r"|silva|santos|lopez|gonzalez|martinez|hernandez|perez|sanchez|rossi|dubois|ivanov|hansen"
)
#: Given names that are common, and no names of places.
GIVEN = late_pattern(
    r"adam|ahmed|alan|albert|alex|alexander|ali|alice|amanda|amy|ana|andrea|andrew|andy|angela"
    r"|ann|anna|anne|anthony|antonio|arthur|barbara|ben|benjamin|betty|bill|bob|brian|bruce"
    r"|carl|carlos|carol|catherine|charles|chris|christian|christine|christopher|claire|cynthia"
    r"|daniel|david|deborah|dennis|diana|donald|donna|dorothy|doug|douglas|edward|elena"
    r"|elizabeth|emily|emma|eric|ernest|eugene|eva|evelyn|fatima|francis|frank|fred|gary|george"
    r"|gerald|giovanni|greg|gregory|hans|harold|harry|heather|helen|henry|howard|hugh|ian"
    r"|isabel|jack|jacob|james|jane|janet|jason|jean|jeff|jeffrey|jennifer|jeremy|jerry|jessica"
    r"|jim|joan|joe|johann|john|jonathan|jose|joseph|joshua|josé|juan|judith|judy|julia|julie"
    r"|justin|karen|karl|kate|katherine|keith|kelly|kenneth|kevin|kimberly|klaus|larry|laura"
    r"|lauren|lee|leonard|linda|lisa|louise|lucas|lucy|luis|luke|margaret|maria|marie|marilyn"
    r"|mark|martha|martin|mary|matthew|max|megan|melissa|michael|michel|michelle|miguel|mike"
    r"|mohamed|mohammed|monica|nancy|nathan|nicholas|nick|nicole|olga|oliver|pamela|patricia"
    r"|patrick|paul|pedro|peter|philip|philippe|phillip|pierre|rachel|ralph|raymond|rebecca"
    r"|richard|rick|rob|robert|roger|ronald|rose|roy|russell|ruth|ryan|sally|sam|samantha"
    r"|samuel|sandra|sara|sarah|scott|sean|sharon|sofia|sophie|stefan|stephanie|stephen|steve"
    r"|steven|sue|susan|terry|theresa|thomas|tim|timothy|tom|tony|vincent|walter|wayne|wendy"
    r"|william"
)
#: How family names end in several languages, which places and things hardly do.
FAMILY_END = late_pattern(
    r".{2,}(sk[iy]|ská|czyk|w[iy]cz|v[ií]ć|ovi[cć]h?|evi[cć]h?|escu|enko|chuk|poul[ao]s|[oe]vá|shvili"
    r"|sson|ssen|nnen|mann|berger|bauer|stein)"
)
#: Share of the names that begin, or end after a comma, with a given one where they are of persons.
MANY_GIVEN = 0.15
_TITLED = late_pattern(
    r"\b(Mr|Mrs|Ms|Miss|Dr|Prof)\b\.?|, ?[A-Z]\.|\((R|D|I)\b|^[A-Z]\. ?[A-Z]|^[^\W\d_]{2,} [A-Z]\.$"
)
#: A family name before a given one; of places what follows a comma is that of many.
_TURNED, MANY_TURNED, MIN_VARIED = late_pattern(r"[^\W\d_][^\d,]*, ?([^\W\d_][^\d,]*)"), 0.8, 0.5
_WORD = late_pattern(r"[^\W\d_]+")
#: Share of digits from which a text is a number of something, and of the texts that are: running
#: numbers and hashes are nothing to anybody.
CODE_DIGITS, MANY_CODES = 0.4, 0.6
_HASH = late_pattern(r"(?=.*\d)[0-9a-f]{6}[0-9a-f-]*")
#: Short forms of the names beside them.
SHORT = late_pattern(
    r"\b(codes?|iso ?[23a-z]*|fips|nuts ?\d?|symbol|ticker|id|key|short ?name)\b|abb(r|rev\w*)?s?\b"
)


def find_names(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues], n_rows: int
) -> str | None:
    """Return the column whose texts name the rows of a table; None where none does.

    Persons are not named but for those whom the public knows, nor are hashes and running numbers.
    Of a table of two columns any names are what its charts are about.

    Parameters
    ----------
    columns, values
        Of the sample.
    n_rows
        Of the whole table.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> towns = pa.table({"city": ["Rome", "Oslo", "Bern"], "people": [3, 1, 2]})
    >>> profile_table(towns).named
    'city'
    """
    n_columns = sum(not column.numbers_rows for column in columns)
    if n_rows < MIN_NAMED or (n_rows > MAX_NAMED and n_columns > NARROW):
        return None
    read = {
        column: value.labels[:: 1 + len(value.labels) // MAX_READ]
        for column, value in zip(columns, values, strict=True)
        if may_name(column)
    }
    anybody = n_columns <= ALONE
    found = [
        (_is_short(column, labels), column.position, column.name)
        for column, labels in read.items()
        if (column.usable or anybody or not _are_persons(column, labels, columns))
        and (column.usable or not _are_codes(labels))
    ]
    # Names come before their short forms, and the first column before others.
    return min(found)[2] if found else None


def with_courses(
    columns: Sequence[ColumnProfile], folds: Sequence[Fold], named: str | None
) -> tuple[ColumnProfile, ...]:
    """Take the names of rows for groups where times are gathered: each row has a course.

    What the user gave a type stays.

    Parameters
    ----------
    columns
        Of the table, with those that stand for the gathered ones.
    folds
        What is gathered.
    named
        As `find_names` finds it.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> towns = [a + b for a in "Bo Ka Li Mo Nu Ra".split() for b in "ra den sk vik to na".split()]
    >>> years = {str(year): [year % 7 + n * 1.5 for n in range(36)] for year in range(2010, 2020)}
    >>> profile_table(pa.table({"town": towns, **years})).column("town").semantic
    'category'
    """
    keys = {fold.key for fold in folds}
    ordered = any(column.ordered for column in columns if column.name in keys)
    return tuple(
        replace(column, semantic="category", evidence="names the rows, of which each has a course")
        if ordered and _has_course(column, named)
        else column
        for column in columns
    )


def _has_course(column: ColumnProfile, named: str | None) -> bool:
    once = column.semantic == "identifier" and column.n_distinct == column.n_present
    return column.name == named and once and column.told is None


def may_name(column: ColumnProfile) -> bool:
    """Whether texts tell the rows apart and are short."""
    if column.kind != "text" or column.n_distinct < max(MIN_NAMED, NEARLY_ALL * column.n_rows):
        return False
    hashed = words.HASH_NAME.search(words.split_name(column.name))
    return not hashed and column.label_mean_length <= MAX_NAME


def _are_persons(
    column: ColumnProfile, labels: Sequence[str], columns: Sequence[ColumnProfile]
) -> bool:
    """Whether names that no chart shows as groups are of persons, as other columns may tell.

    Those whom the public knows are no less than other names.
    """
    if PUBLIC.search(words.split_name(column.name)):
        return False
    names = [words.split_name(other.name) for other in columns]
    if any(map(OF_PERSONS.match, names)) or _of_persons(column, labels):
        return True
    return any(map(TOLD_OF_PERSONS.search, names)) and bool(GENERAL_NAME.match(column.name.lower()))


def _of_persons(column: ColumnProfile, labels: Sequence[str]) -> bool:
    """Whether names that no chart shows as groups are, maybe, of persons."""
    name = words.split_name(column.name)
    if words.PERSON_NAME.match(name) or PERSON.search(name):
        return True
    return sum(map(_is_person, labels)) >= MANY_GIVEN * len(labels) or _are_turned(labels)


def _are_turned(labels: Sequence[str]) -> bool:
    """Whether texts are family names before given ones, which differ more than lands of towns do.

    Examples
    --------
    >>> _are_turned(["Ekwueme, Obi", "Thorvald, Ylva"]), _are_turned(["Bonn, DE", "Köln, DE"] * 2)
    (True, False)
    """
    turned = [found[1] for label in labels if (found := _TURNED.fullmatch(label))]
    return len(turned) >= MANY_TURNED * len(labels) and len({*turned}) >= MIN_VARIED * len(turned)


def _are_codes(labels: Sequence[str]) -> bool:
    """Whether most texts are of digits, or of the digits of a hash.

    Examples
    --------
    >>> _are_codes(["NB2-101-1000", "NB2-102-1001"]), _are_codes(["Mazda RX4", "Audi 80"])
    (True, False)
    """
    codes = [
        label
        for label in labels
        if sum(map(str.isdigit, label)) >= CODE_DIGITS * len(label)
        or _HASH.fullmatch(label.lower())
    ]
    return len(codes) >= MANY_CODES * len(labels)


def _is_short(column: ColumnProfile, labels: Sequence[str]) -> bool:
    """Whether texts are short forms of names."""
    return SHORT.search(words.split_name(column.name)) is not None or _are_codes(labels)


def _is_person(label: str) -> bool:
    """Whether a text is likely the name of a person.

    Examples
    --------
    >>> [_is_person(one) for one in ("Braund, Mr. Owen", "Hank, Tom", "Mary Ann", "Toyota Corolla")]
    [True, True, True, False]
    >>> [_is_person(one) for one in ("Mazurczyk", "Djoković N.", "Rafał Obremski", "St Olave")]
    [True, True, True, False]
    """
    if _TITLED.search(label):
        return True
    parts = [_WORD.findall(part.lower()) for part in label.split(",")]
    named = any(part and GIVEN.fullmatch(part[0]) for part in parts)
    families = (FAMILY, FAMILY_END)
    return named or any(part and one.fullmatch(part[-1]) for part in parts for one in families)
