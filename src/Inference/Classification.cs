namespace GanPipeline.Inference;

/// <summary>What a classifier reads from an image.</summary>
/// <param name="Attributes">The likeliest value of each attribute, in the order of <see cref="ClassifierModel.Fields"/>.</param>
public sealed record Classification(IReadOnlyList<AttributeReading> Attributes)
{
    /// <summary>The value of the first attribute, which is the class where there is one.</summary>
    public string Label => Attributes[0].Value;

    /// <inheritdoc cref="AttributeReading.Probability"/>
    public float? Probability => Attributes[0].Probability;
}

/// <summary>The likeliest value of an attribute of an image.</summary>
/// <param name="Name">The attribute.</param>
/// <param name="Value">The value's name; <c>true</c> or <c>false</c> for a binary attribute.</param>
/// <param name="Probability">
/// The classifier's probability of the value, from 0 to 1; null where its scores are none (<see cref="ClassifierModel.IsCalibrated"/>).
/// </param>
public readonly record struct AttributeReading(string Name, string Value, float? Probability);
