using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>A vector of floats that a model takes or gives, by its dimensions: an image's are channels, height, width.</summary>
internal sealed class VectorForm(params int[] dimensions)
{
    public int Size { get; } = dimensions.Aggregate(1, (product, d) => checked(product * d));

    /// <summary>The type of a column of such vectors.</summary>
    public VectorDataViewType Type { get; } = new(NumberDataViewType.Single, dimensions);

    /// <summary>Such as <c>3 x 64 x 64 = 12288 values</c>.</summary>
    public override string ToString() => Describe(dimensions, Size);

    /// <summary>
    /// Null where a column of that type can be read as this form, else what the type is. One dimension of the right size will do; of
    /// more than one, those that are not 1 must be ours, so that an image with its channels last is not taken for one with its
    /// channels first.
    /// </summary>
    public string? Mismatch(DataViewType type)
    {
        if (type is not VectorDataViewType vector) return type.ToString();
        if (!vector.ItemType.Equals(NumberDataViewType.Single) || !vector.IsKnownSize) return type.ToString();
        int[] theirs = [.. vector.Dimensions];
        var fits = vector.Size == Size && (theirs.Length == 1 || dimensions.Length == 1
            || theirs.Where(d => d != 1).SequenceEqual(dimensions.Where(d => d != 1)));
        return fits ? null : $"a vector of {Describe(theirs, vector.Size)}";
    }

    private static string Describe(int[] dimensions, int size) =>
        dimensions.Length == 1 ? $"{size} values" : $"{string.Join(" x ", dimensions)} = {size} values";
}
