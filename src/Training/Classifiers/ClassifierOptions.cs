namespace GanPipeline.Training;

/// <summary>What a <see cref="Classifier"/> is built from.</summary>
public sealed record ClassifierOptions
{
    /// <summary>The images' form: at least 8 x 8 pixels.</summary>
    public required ImageShape Shape { get; init; }

    /// <summary>The attributes that it reads, categorical and binary ones; one for a plain classifier of a data set's classes.</summary>
    public required IReadOnlyList<LabelField> Fields { get; init; }

    /// <summary>Numbers that the classifier describes an image by, its features; 1 to 4096.</summary>
    public int FeatureCount { get; init; } = 128;

    /// <summary>Convolution filters of the first of three stages, 1 to 1024; each stage has twice as many as the one before.</summary>
    public int Filters { get; init; } = 32;

    /// <summary>Convolutions in each stage; 1 to 4.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>A classifier of one attribute, the class.</summary>
    /// <param name="shape">The images' form.</param>
    /// <param name="classes">The classes' names, in the order of the labels; at least 2.</param>
    public static ClassifierOptions OfClasses(ImageShape shape, IReadOnlyList<string> classes) =>
        new() { Shape = shape, Fields = [LabelField.Categorical(LabelField.Class, classes)] };

    /// <summary>Finds what is wrong with these options.</summary>
    /// <exception cref="ArgumentException">A value is out of its range, or an attribute is none that a classifier reads; see
    /// <see cref="Problems"/>.</exception>
    public void Validate()
    {
        foreach (var (_, problem) in Problems()) throw new ArgumentException(problem);
    }

    /// <summary>What is wrong with the options: the member and the problem, a sentence.</summary>
    public IEnumerable<(string Member, string Problem)> Problems()
    {
        if (!(Shape.Channels >= 1 && Shape.Height >= 8 && Shape.Width >= 8))
            yield return (nameof(Shape), $"A classifier needs images of at least 8 x 8 pixels; got {Shape.Width} x {Shape.Height}.");
        if (FeatureCount is < 1 or > 4096)
            yield return (nameof(FeatureCount), $"A feature vector has from 1 to 4096 numbers; got {FeatureCount}.");
        if (Filters is < 1 or > 1024) yield return (nameof(Filters), $"A convolution has from 1 to 1024 filters; got {Filters}.");
        if (Depth is not (>= 1 and <= 4)) yield return (nameof(Depth), $"A stage has 1 to 4 convolutions; got {Depth}.");
        if (Fields is not { Count: > 0 }) yield return (nameof(Fields), "A classifier reads at least one attribute; got none.");
        foreach (var field in Fields ?? [])
        {
            if (field.Kind == LabelKind.Numeric)
                yield return (nameof(Fields), $"A classifier tells names apart, but the attribute '{field.Name}' is a number.");
            else if (field.Kind == LabelKind.Categorical && field.Values.Count < 2)
                yield return (nameof(Fields), $"A classifier tells at least 2 values apart; the attribute '{field.Name}' has " +
                    $"{field.Values.Count}.");
        }
    }
}
