namespace GanPipeline.Training;

/// <summary>What a <see cref="Classifier"/> is built from.</summary>
public sealed record ClassifierOptions
{
    /// <summary>The images' form: at least 8 x 8 pixels.</summary>
    public required ImageShape Shape { get; init; }

    /// <summary>The attributes that it reads, categorical and binary ones; one for a plain classifier of a data set's classes.</summary>
    public required IReadOnlyList<LabelField> Fields { get; init; }

    /// <summary>Numbers in a feature vector, at least 1.</summary>
    public int FeatureCount { get; init; } = 128;

    /// <summary>Convolution filters of the first stage, at least 1; each stage has twice those of the one before.</summary>
    public int Filters { get; init; } = 32;

    /// <summary>Convolutions in each stage, 1 to 4.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>A classifier of one attribute, the class.</summary>
    /// <param name="shape">The images' form.</param>
    /// <param name="classes">The classes' names, in the order of the labels; at least 2.</param>
    public static ClassifierOptions OfClasses(ImageShape shape, IReadOnlyList<string> classes) =>
        new() { Shape = shape, Fields = [LabelField.Categorical(LabelField.Class, classes)] };

    /// <summary>Finds what is wrong with these options.</summary>
    /// <exception cref="ArgumentException">A value is out of its range, or an attribute is none that a classifier reads.</exception>
    public void Validate()
    {
        Require(Shape.Channels >= 1 && Shape.Height >= 8 && Shape.Width >= 8, $"A classifier needs images of at least 8 x 8 pixels; got {Shape.Width} x {Shape.Height}.");
        Require(FeatureCount >= 1, $"A feature vector has at least 1 number; got {FeatureCount}.");
        Require(Filters >= 1, $"A convolution has at least 1 filter; got {Filters}.");
        Require(Depth is >= 1 and <= 4, $"A stage has 1 to 4 convolutions; got {Depth}.");
        Require(Fields is { Count: > 0 }, "A classifier reads at least one attribute; got none.");
        foreach (var field in Fields)
        {
            Require(field.Kind != LabelKind.Numeric, $"A classifier tells names apart, but the attribute '{field.Name}' is a number.");
            Require(field.Kind != LabelKind.Categorical || field.Values.Count >= 2, $"A classifier tells at least 2 values apart; the attribute '{field.Name}' has {field.Values.Count}.");
        }
    }

    private static void Require(bool condition, string message)
    {
        if (!condition) throw new ArgumentException(message);
    }
}
