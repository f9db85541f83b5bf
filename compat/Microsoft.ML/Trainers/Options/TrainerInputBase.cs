namespace Microsoft.ML.Trainers;

/// <summary>The columns that a trainer reads.</summary>
public abstract class TrainerInputBase
{
    private protected TrainerInputBase() { }

    /// <summary>The features: vectors of Single of known size.</summary>
    public string FeatureColumnName = "Features";
}

/// <inheritdoc cref="TrainerInputBase"/>
public abstract class TrainerInputBaseWithLabel : TrainerInputBase
{
    private protected TrainerInputBaseWithLabel() { }

    public string LabelColumnName = "Label";
}

/// <inheritdoc cref="TrainerInputBase"/>
public abstract class TrainerInputBaseWithWeight : TrainerInputBaseWithLabel
{
    private protected TrainerInputBaseWithWeight() { }

    /// <summary>How often each example counts, Single; null for once each.</summary>
    public string ExampleWeightColumnName;
}
