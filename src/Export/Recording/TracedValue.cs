using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>A tensor of a recorded computation, at one moment: an operation that works in place makes a new one.</summary>
internal sealed class TracedValue(long[] shape, ScalarType type)
{
    /// <summary>The sizes of its axes in this recording.</summary>
    public long[] Shape { get; } = shape;

    /// <summary>The sizes of its axes in all recordings.</summary>
    public TracedSize[] Sizes { get; set; } = [];

    public ScalarType Type { get; } = type;

    /// <summary>Whether it chooses elements where it holds, and not places, as an index.</summary>
    public bool IsMask => Type is ScalarType.Bool or ScalarType.Byte;

    /// <summary>Whether it follows from the inputs; else it is a constant.</summary>
    public bool FromInputs { get; init; }

    /// <summary>The tensor itself where no recorded call made it: a parameter, a buffer, a field.</summary>
    public Tensor? Given { get; init; }

    /// <summary>A copy of the result, where a call was given nothing but constants.</summary>
    public Tensor? Copy { get; init; }

    /// <summary>What it holds, where the recorder keeps it and it follows from the inputs.</summary>
    public Tensor? Value { get; init; }

    /// <summary>Whether its first axis is as long as values of the input say.</summary>
    public bool HasCount { get; set; }

    /// <summary>Whether it is a constant of the same values in all recordings.</summary>
    public bool IsSteady { get; set; }

    /// <summary>What it shares its memory with; itself where it shares with nothing.</summary>
    public TracedValue Root { get => field ?? this; init; }

    /// <summary>Where it was changed under another name, so that what it holds now is not known.</summary>
    public CallSite? ChangedAt { get; set; }
}
