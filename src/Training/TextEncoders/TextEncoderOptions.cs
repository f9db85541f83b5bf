namespace GanPipeline.Training;

/// <summary>How a text encoder makes one vector of the states of its recurrent layer.</summary>
public enum TextPooling
{
    /// <summary>The mean over the text's tokens.</summary>
    Mean,

    /// <summary>The state after the last token.</summary>
    Last,
}

/// <summary>What a <see cref="TextEncoder"/> is built from.</summary>
public sealed record TextEncoderOptions
{
    /// <summary>The form of the images that texts are matched with: at least 8 x 8 pixels.</summary>
    public required ImageShape Shape { get; init; }

    /// <summary>The words or characters that it knows.</summary>
    public required Vocabulary Vocabulary { get; init; }

    /// <summary>Numbers that a text, and an image, is embedded in; 1 to 4096.</summary>
    public int EmbeddingSize { get; init; } = 128;

    /// <summary>Numbers that stand for a word or character; 1 to 4096.</summary>
    public int TokenSize { get; init; } = 64;

    /// <summary>Numbers of the recurrent layer's state (GRU, Cho et al. 2014); 1 to 4096.</summary>
    public int StateSize { get; init; } = 128;

    /// <summary>
    /// Convolutions before the recurrent layer, 0 to 8, each over 3 places and with max pooling that halves them; for characters, of which
    /// a text has many.
    /// </summary>
    public int Convolutions { get; init; }

    /// <summary>How the recurrent layer's states become one vector.</summary>
    public TextPooling Pooling { get; init; }

    /// <summary>Convolution filters of the first of the image encoder's three stages, 1 to 1024; each stage has twice as many as the one
    /// before.</summary>
    public int Filters { get; init; } = 32;

    /// <summary>Convolutions in each of the image encoder's stages; 1 to 4.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>Finds what is wrong with these options.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; see <see cref="Problems"/>.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Vocabulary);
        foreach (var (_, problem) in Problems()) throw new ArgumentException(problem);
        if (!(Shape.Channels >= 1 && Shape.Height >= 8 && Shape.Width >= 8))
            throw new ArgumentException($"A text encoder is trained with images of at least 8 x 8 pixels; got {Shape.Width} x " +
                $"{Shape.Height}.");
    }

    /// <summary>What is wrong with the options by themselves, whatever the images: the member and the problem, a sentence.</summary>
    public IEnumerable<(string Member, string Problem)> Problems()
    {
        if (EmbeddingSize is < 1 or > 4096)
            yield return (nameof(EmbeddingSize), $"An embedding has from 1 to 4096 numbers; got {EmbeddingSize}.");
        if (TokenSize is < 1 or > 4096) yield return (nameof(TokenSize), $"A token has from 1 to 4096 numbers; got {TokenSize}.");
        if (StateSize is < 1 or > 4096) yield return (nameof(StateSize), $"A state has from 1 to 4096 numbers; got {StateSize}.");
        if (Convolutions is < 0 or > 8) yield return (nameof(Convolutions), $"There are from 0 to 8 convolutions; got {Convolutions}.");
        if (!Enum.IsDefined(Pooling)) yield return (nameof(Pooling), $"The pooling is mean or last; got {Pooling}.");
        if (Filters is < 1 or > 1024) yield return (nameof(Filters), $"A convolution has from 1 to 1024 filters; got {Filters}.");
        if (Depth is not (>= 1 and <= 4)) yield return (nameof(Depth), $"A stage has 1 to 4 convolutions; got {Depth}.");
    }
}
