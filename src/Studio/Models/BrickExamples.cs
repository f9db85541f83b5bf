using System.Text.Json;
using GanPipeline.Data;
using GanPipeline.Pipelines;

namespace GanPipeline.Studio;

/// <summary>
/// Pairs of bricks as a run was trained with, rendered when they are asked for: inputs to begin with, and what a network should make of
/// them. The pictures are of the test part, which no training sees.
/// </summary>
internal sealed class BrickExamples : IDisposable
{
    private readonly DataOptions _options;
    private readonly IImageSource _pairs;

    private BrickExamples(DataOptions options)
    {
        _options = options;
        _pairs = DataSets.Open(options);
    }

    /// <summary>The pictures that there are, from 0 on.</summary>
    public int Count => _pairs.Count;

    /// <summary>What side A shows: <c>classes</c>, <c>edges</c> and so on.</summary>
    public string Pair => _options.Pair;

    /// <summary>Whether side A is the target.</summary>
    public bool IsTurned => _options.Direction == PairForm.BToA;

    /// <summary>Those of a run; null where its data are no pairs of bricks.</summary>
    /// <exception cref="DataSetException">An option of the data is out of its range.</exception>
    public static BrickExamples? Of(RunFolder? run)
    {
        if (run is null) return null;
        try
        {
            var data = RunSettings.Load(run.Root)?.Resolve([], runs: false).Data;
            return data is { Kind: "bricks" } && data.Pair != PairForm.None ? new(data with { Split = "test", Unpaired = false }) : null;
        }
        catch (Exception e) when (e is RequestException or WorkException or IOException or JsonException)
        {
            // Of another version, or being written.
            return null;
        }
    }

    /// <summary>The input of a pair.</summary>
    /// <returns>[1, C, H, W] in [-1, 1].</returns>
    /// <exception cref="ArgumentException">No such picture.</exception>
    public ImageTensor Input(int index)
    {
        var pair = Read(index);
        return pair.SelectChannels(0, _pairs.ConditionChannels - (_pairs.Pose?.Channels ?? 0));
    }

    /// <summary>The target of a pair.</summary>
    /// <inheritdoc cref="Input"/>
    public ImageTensor Target(int index)
    {
        var pair = Read(index);
        return pair.SelectChannels(_pairs.ConditionChannels, pair.Channels - _pairs.ConditionChannels);
    }

    /// <summary>From where the target of a pair with a pose shows its brick.</summary>
    public ViewPose View(int index)
    {
        using var views = new BrickViews(_options);
        return views.View(Known(index));
    }

    /// <summary>The brick of a pair with a pose, seen from elsewhere.</summary>
    /// <exception cref="ArgumentException">No such picture, or an angle is out of its range.</exception>
    public ImageTensor Seen(int index, ViewPose view)
    {
        using var views = new BrickViews(_options);
        var pixels = new byte[views.Shape.Size];
        views.Render(Known(index), view, pixels);
        return ImageTensor.FromBytes(pixels, 1, views.Shape.Channels, views.Shape.Height, views.Shape.Width);
    }

    public void Dispose() => _pairs.Dispose();

    private ImageTensor Read(int index)
    {
        var pixels = new byte[_pairs.Shape.Size];
        if (!_pairs.TryRead(Known(index), pixels)) throw new ArgumentException($"Picture {index} cannot be read.");
        return ImageTensor.FromBytes(pixels, 1, _pairs.Shape.Channels, _pairs.Shape.Height, _pairs.Shape.Width);
    }

    private int Known(int index) => index >= 0 && index < Count ? index
        : throw new ArgumentException($"Pictures have the numbers 0 to {Count - 1}; there is no {index}.");
}
