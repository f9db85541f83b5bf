namespace GanPipeline;

/// <summary>The kind of values of an attribute.</summary>
public enum LabelKind
{
    /// <summary>One of several names.</summary>
    Categorical,

    /// <summary>Absent or present, as with CelebA's forty (Liu et al. 2015).</summary>
    Binary,

    /// <summary>A number within a range.</summary>
    Numeric,
}

/// <summary>An attribute of a data set's images, such as the class.</summary>
/// <param name="Name">As in <c>class</c>, <c>color</c> or <c>Smiling</c>.</param>
/// <param name="Kind">The kind of its values.</param>
/// <param name="Values">The names of a categorical attribute's values, by index; empty for others.</param>
/// <param name="Low">The least value of a numeric attribute.</param>
/// <param name="High">The greatest value of a numeric attribute.</param>
public sealed partial record LabelField(string Name, LabelKind Kind, IReadOnlyList<string> Values, double Low = 0, double High = 1)
{
    /// <summary>The name of the attribute that holds the classes.</summary>
    public const string Class = "class";

    /// <summary>One of several names.</summary>
    public static LabelField Categorical(string name, IReadOnlyList<string> values) => new(name, LabelKind.Categorical, values);

    /// <summary>Absent or present.</summary>
    public static LabelField Binary(string name) => new(name, LabelKind.Binary, []);

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public static LabelField Numeric(string name, double low, double high) => new(name, LabelKind.Numeric, [], low, high);

    /// <summary>Whether mirroring an image left to right keeps the value. A direction of view changes, a colour does not.</summary>
    public bool SurvivesMirroring { get; init; } = true;

    /// <summary>Whether changing brightness, contrast or saturation keeps the value. A colour's name changes, a shape does not.</summary>
    public bool SurvivesRecoloring { get; init; } = true;

    /// <summary>Numbers that it takes in a label vector: one for each value of a categorical attribute, else 1.</summary>
    public int Width => Kind == LabelKind.Categorical ? Values.Count : 1;

    /// <summary>The number of possible values: 2 for a binary attribute, 0 for a numeric one.</summary>
    public int Choices => Kind switch { LabelKind.Categorical => Values.Count, LabelKind.Binary => 2, _ => 0 };

    /// <summary>Writes a value into its part of a label vector.</summary>
    internal void Encode(float value, Span<float> slots)
    {
        switch (Kind)
        {
            case LabelKind.Categorical:
                slots.Clear();
                slots[(int)value] = 1;
                break;
            case LabelKind.Binary:
                slots[0] = value;
                break;
            default:
                slots[0] = (float)(2 * (value - Low) / (High - Low) - 1);
                break;
        }
    }

    /// <summary>The value that <see cref="Encode"/> wrote.</summary>
    internal float Decode(ReadOnlySpan<float> slots)
    {
        if (Kind == LabelKind.Binary) return slots[0] > 0.5f ? 1 : 0;
        if (Kind == LabelKind.Numeric) return (float)(Low + (slots[0] + 1) / 2 * (High - Low));
        var largest = 0;
        for (var i = 1; i < slots.Length; i++)
            if (slots[i] > slots[largest]) largest = i;
        return largest;
    }
}
