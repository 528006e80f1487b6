"""The whole workflow as a program to take away: the same numbers as on the page. Imports no torch."""

from __future__ import annotations

from lib.core.codegen.torchvision_import import WITHOUT_INTERNET, torchvision_import
from lib.core.workflow.path import (
    DEVIATION,
    MEAN,
    PICTURE_LEARNING_RATE,
    TEXT_LEARNING_RATE,
    TRAIN_PICTURES,
    WIDTH,
    Path,
    PicturePath,
    Pooling,
    TextPath,
    Transform,
)
from lib.core.workflow.text import MAX_TEXT, TokenizerKind

_POOLED = {
    Pooling.MEAN: "(vectors * mask.unsqueeze(-1)).sum(dim=1) / mask.sum(dim=1, keepdim=True)",
    Pooling.MEAN_UNMASKED: "vectors.mean(dim=1)  # padding counts, too",
    Pooling.MAX: "vectors.masked_fill(~mask.unsqueeze(-1), -torch.inf).amax(dim=1)",
}
_SPECIAL = 'special_tokens=["[PAD]", "[UNK]"], show_progress=False'


def script(path: Path, text: str) -> str:
    """The program for a path; ``text`` is the sentence it reads at its end (a picture path reads a test image).

    >>> "nn.Embedding" in script(TextPath(), "the soup was great."), "nn.Flatten" in script(PicturePath(), "")
    (True, True)
    """
    return _text_script(path, text) if isinstance(path, TextPath) else _picture_script(path)


def _text_script(path: TextPath, text: str) -> str:
    """Block by block."""
    return (
        _TEXT_IMPORTS
        + _raw_data(path)
        + f"# 2. tokenizer\n{_tokenizer(path)}\n\n\n"
        + _DATASET_AND_COLLATE
        + _classifier(path)
        + _text_training(path)
        + _TEXT_PIPELINE
        + f"# 7. evaluation\n{_EVALUATION}\ntext = {text!r}\n"
        + "print(tokenizer.encode(text).ids)\nprint(pipeline(text))\n"
    )


_TEXT_IMPORTS = """import csv

import torch
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset

"""


def _raw_data(path: TextPath) -> str:
    clean = ""
    if path.clean:
        clean = """
test_texts = {text for _, text, _ in rows[-240:]}
train_rows = [row for row in train_rows if row[1] not in test_texts]"""
    return f"""# 1. raw data: a table of sentences, the last 240 for testing
LABELS = ["praise", "complaint"]
with open("reviews.{path.language}.tsv", encoding="utf-8") as file:
    table = list(csv.reader(file, delimiter="\\t", quoting=csv.QUOTE_NONE))[1:]
rows = [(LABELS.index(label), text, words.split()) for label, _, text, words in table]
all_train_rows, train_rows, test_rows = rows[:-240], rows[:-240], rows[-240:]
{_share(path)}{clean}

"""


_DATASET_AND_COLLATE = f"""# 3. dataset
class Reviews(Dataset):
    def __init__(self, rows):
        self.rows = rows

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        label, text, _ = self.rows[index]
        return tokenizer.encode(text[:{MAX_TEXT}]).ids, label


# 4. loader: sentences of unequal length become one rectangle
def collate(samples):
    longest = max(len(ids) for ids, _ in samples)
    ids = torch.zeros(len(samples), longest, dtype=torch.long)
    mask = torch.zeros(len(samples), longest, dtype=torch.bool)
    for row, (numbers, _) in enumerate(samples):
        ids[row, : len(numbers)] = torch.tensor(numbers)
        mask[row, : len(numbers)] = True
    return ids, mask, torch.tensor([label for _, label in samples])


"""


def _classifier(path: TextPath) -> str:
    return f"""# 5. model
class Classifier(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, {WIDTH}, padding_idx=0)
        self.head = nn.Linear({WIDTH}, 2)

    def forward(self, ids, mask):
        vectors = self.embedding(ids)  # (sentences, longest, {WIDTH})
        pooled = {_POOLED[path.pooling]}
        return self.head(pooled)  # (sentences, 2)


"""


def _text_training(path: TextPath) -> str:
    return f"""torch.manual_seed({path.seed})
model = Classifier(tokenizer.get_vocab_size())
optimizer = torch.optim.Adam(model.parameters(), lr={TEXT_LEARNING_RATE})
for epoch in range({path.epochs}):
    for ids, mask, labels in DataLoader(Reviews(train_rows), {path.batch_size}, shuffle=True, collate_fn=collate):
        loss = F.cross_entropy(model(ids, mask), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
model.eval()


"""


_TEXT_PIPELINE = f"""# 6. pipeline: a raw sentence in, an answer out
@torch.no_grad()
def pipeline(text):
    ids = tokenizer.encode(text[:{MAX_TEXT}]).ids
    if not ids:
        return None
    ids, mask, _ = collate([(ids, 0)])
    return model(ids, mask).softmax(dim=1)[0].tolist()


"""


def _share(path: TextPath) -> str:
    if path.share == 50:
        return "# half of the sentences are complaints"
    return f"""

def with_share(rows, percent):
    praise = sum(label == 0 for label, _, _ in rows)
    complaints = [row for row in rows if row[0] == 1][: round(praise * percent / (100 - percent))]
    kept = {{id(row) for row in complaints}}
    return [row for row in rows if row[0] == 0 or id(row) in kept]


train_rows, test_rows = with_share(train_rows, {path.share}), with_share(test_rows, {path.share})"""


def _tokenizer(path: TextPath) -> str:
    learn = "tokenizer.train_from_iterator([text for _, text, _ in all_train_rows], trainer)"
    lower = "tokenizer.normalizer = normalizers.Lowercase()"
    if path.tokenizer is TokenizerKind.BPE and path.by_bytes:
        return f"""tokenizer = Tokenizer(models.BPE())
{lower}
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()
trainer = trainers.BpeTrainer(vocab_size={path.vocabulary}, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                              {_SPECIAL})
{learn}"""
    if path.tokenizer is TokenizerKind.BPE:
        return f"""tokenizer = Tokenizer(models.BPE(unk_token="[UNK]"))
{lower}
tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
trainer = trainers.BpeTrainer(vocab_size={path.vocabulary}, {_SPECIAL})
{learn}"""
    cut = "pre_tokenizers.Whitespace()"
    before = ""
    if path.tokenizer is TokenizerKind.CHAR:
        cut = 'pre_tokenizers.Split(Regex(r"[\\s\\S]"), "isolated")'
    elif path.language == "zh":  # no spaces: the longest known word first
        before = """known = {word for _, _, words in all_train_rows for word in words}
known = sorted(known, key=lambda word: (-len(word), word))
longest_first = pre_tokenizers.Split(Regex("|".join([*known, r"\\w+?", r"\\S"])), "isolated")
"""
        cut = "pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), longest_first])"
    return f"""{before}tokenizer = Tokenizer(models.WordLevel(unk_token="[UNK]"))
{lower}
tokenizer.pre_tokenizer = {cut}
trainer = trainers.WordLevelTrainer({_SPECIAL})
{learn}"""


_EVALUATION = """table = torch.zeros(2, 2, dtype=torch.long)  # rows: true, columns: answered
with torch.no_grad():
    for ids, mask, labels in DataLoader(Reviews(test_rows), 256, collate_fn=collate):
        for label, answer in zip(labels, model(ids, mask).argmax(dim=1)):
            table[label, answer] += 1
right, complaints, answered = table[1, 1], table[1].sum(), table[:, 1].sum()
print(table.tolist())
print(f"accuracy {table.trace() / table.sum():.4f}")
print(f"recall {right / complaints:.4f}  F1 {2 * right / (complaints + answered):.4f}")
"""


def _picture_script(path: PicturePath) -> str:
    steps = {
        Transform.TO_TENSOR: "transforms.ToTensor()",
        Transform.NORMALIZE: "transforms.Compose([transforms.ToTensor(), "
        f"transforms.Normalize(({MEAN},), ({DEVIATION},))])",
        Transform.BYTES: "transforms.Compose([transforms.PILToTensor(), "
        "transforms.Lambda(lambda pixels: pixels.float())])",
    }
    network = "nn.Flatten(), nn.Linear(784, 10)"
    if path.hidden:
        network = f"nn.Flatten(), nn.Linear(784, {path.hidden}), nn.ReLU(), nn.Linear({path.hidden}, 10)"
    return f"""import os

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Subset

{torchvision_import("datasets, transforms")}

# 1. raw data, 2. transform, 3. dataset
transform = {steps[path.transform]}
{WITHOUT_INTERNET}
root = os.environ.get("MNIST_ROOT", "data")
train_set = Subset(datasets.MNIST(root, train=True, download=True, transform=transform), range({TRAIN_PICTURES}))
test_set = datasets.MNIST(root, train=False, download=True, transform=transform)

# 4. loader, 5. model
torch.manual_seed({path.seed})
model = nn.Sequential({network})
optimizer = torch.optim.Adam(model.parameters(), lr={PICTURE_LEARNING_RATE})
for epoch in range({path.epochs}):
    for images, labels in DataLoader(train_set, {path.batch_size}, shuffle=True):  # (batch, 1, 28, 28)
        loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
model.eval()


# 6. pipeline: a picture in, an answer out
@torch.no_grad()
def pipeline(picture):
    return model(transform(picture).unsqueeze(0)).softmax(dim=1)[0]


# 7. evaluation
table = torch.zeros(10, 10, dtype=torch.long)  # rows: true, columns: answered
with torch.no_grad():
    for images, labels in DataLoader(test_set, 256):
        for label, answer in zip(labels, model(images).argmax(dim=1)):
            table[label, answer] += 1
print(f"accuracy {{table.trace() / table.sum():.4f}}")
picture = datasets.MNIST(root, train=False)[0][0]  # the image itself, not yet transformed
print(pipeline(picture).argmax().item())
"""
