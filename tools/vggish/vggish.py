"""VGGish in PyTorch, under the names that the field's port of its weights has (features.N, embeddings.N)."""

import torch
from torch import nn

WIDTHS = (64, 128, 256, 256, 512, 512)  # of the convolutions; a pooling follows the 1st, 2nd, 4th and 6th
POOLED = (0, 1, 3, 5)
HIDDEN = 4096
EMBEDDING = 128


class Vggish(nn.Module):
    """[examples, 1, 96, 64], log-mel -> [examples, 128]. `narrower` divides all widths, for tests."""

    def __init__(self, last_relu=True, narrower=1):
        super().__init__()
        layers, before = [], 1
        for index, width in enumerate(WIDTHS):
            layers += [nn.Conv2d(before, width // narrower, 3, padding=1), nn.ReLU()]
            before = width // narrower
            if index in POOLED:
                layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        hidden, embedding = HIDDEN // narrower, EMBEDDING // narrower
        layers = [nn.Linear(before * 6 * 4, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, embedding)]
        self.embeddings = nn.Sequential(*layers, *([nn.ReLU()] if last_relu else []))

    def forward(self, examples):
        # TensorFlow's weights expect frames, bands, channels in this order.
        return self.embeddings(self.features(examples).permute(0, 2, 3, 1).flatten(1))


class Postprocessed(nn.Module):
    """PCA and 8-bit quantisation, as AudioSet publishes its features: whole numbers from 0 to 255."""

    def __init__(self, network, eigenvectors, means):
        super().__init__()
        self.network = network
        self.register_buffer("eigenvectors", torch.as_tensor(eigenvectors, dtype=torch.float32))  # [128, 128]
        self.register_buffer("means", torch.as_tensor(means, dtype=torch.float32).reshape(1, -1))

    def forward(self, examples):
        whitened = (self.network(examples) - self.means) @ self.eigenvectors.T
        return torch.round((whitened.clamp(-2, 2) + 2) * (255 / 4))
