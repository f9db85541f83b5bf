namespace GanPipeline;

/// <summary>What kind of value an attribute has.</summary>
public enum LabelKind
{
    /// <summary>One of several names.</summary>
    Categorical,

    /// <summary>Absent or present, as with CelebA's forty (Liu et al. 2015).</summary>
    Binary,

    /// <summary>A number within a range.</summary>
    Numeric,
}

/// <summary>Something that is known of every picture of a data set.</summary>
/// <param name="Name">As in <c>class</c>, <c>color</c> or <c>Smiling</c>.</param>
/// <param name="Kind">What kind of value it has.</param>
/// <param name="Values">The names of a categorical attribute's values, by index; empty for others.</param>
/// <param name="Low">The least value of a numeric attribute.</param>
/// <param name="High">The greatest value of a numeric attribute.</param>
public sealed partial record LabelField(string Name, LabelKind Kind, IReadOnlyList<string> Values, double Low = 0, double High = 1)
{
    /// <summary>The attribute that a labelled data set's classes are.</summary>
    public const string Class = "class";

    /// <summary>One of several names.</summary>
    public static LabelField Categorical(string name, IReadOnlyList<string> values) => new(name, LabelKind.Categorical, values);

    /// <summary>Absent or present.</summary>
    public static LabelField Binary(string name) => new(name, LabelKind.Binary, []);

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public static LabelField Numeric(string name, double low, double high) => new(name, LabelKind.Numeric, [], low, high);

    /// <summary>Whether a picture mirrored left to right has the same value; a viewpoint or the side that light comes from does not.</summary>
    public bool SurvivesMirroring { get; init; } = true;

    /// <summary>Whether a picture of another brightness, contrast or saturation has the same value; a colour's name does not.</summary>
    public bool SurvivesRecoloring { get; init; } = true;

    /// <summary>How many numbers of a label vector it takes: one a value of a categorical attribute, else one.</summary>
    public int Width => Kind == LabelKind.Categorical ? Values.Count : 1;

    /// <summary>How many values there are to choose from: of a binary field two, of a numeric one 0, which means a range.</summary>
    public int Choices => Kind switch { LabelKind.Categorical => Values.Count, LabelKind.Binary => 2, _ => 0 };

    /// <summary>Writes a value's numbers into its part of a label vector.</summary>
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
