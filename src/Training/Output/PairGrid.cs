using GanPipeline.Data;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>What all sample grids of a translating training show: some pairs, of each the input, the output and the target.</summary>
internal sealed class PairGrid : ISampleGrid
{
    /// <summary>Input, output and target.</summary>
    private const int Sides = 3;

    private readonly GanNetworks _networks;
    private readonly ImageTensor _conditions;
    private readonly ImageTensor _targets;

    /// <param name="networks">The networks in training.</param>
    /// <param name="source">Pairs; those that are shown are spread over it.</param>
    /// <param name="options">How many images a grid has.</param>
    /// <exception cref="DataSetException">No pair can be read.</exception>
    public PairGrid(GanNetworks networks, IImageSource source, TrainingOptions options)
    {
        _networks = networks;
        int[] pairs = [.. Spread.Indices(Math.Max(1, options.SampleCount / Sides), source.Count)];
        var shape = source.Shape;
        var values = new float[pairs.Length * shape.Size];
        var usable = source.ReadUsable(pairs, values).Length;
        if (usable == 0) throw new DataSetException($"'{source.Name}' has no pair that can be read.");
        var images = new ImageTensor(values[..(usable * shape.Size)], usable, shape.Channels, shape.Height, shape.Width);
        _conditions = images.SelectChannels(0, source.ConditionChannels);
        _targets = images.SelectChannels(source.ConditionChannels, shape.Channels - source.ConditionChannels);
        Columns = Sides * Math.Max(1, (int)Math.Round(Math.Sqrt(usable / (double)Sides)));
    }

    public int Columns { get; }

    public ImageTensor Draw(Module<Tensor, Tensor> generator) =>
        ImageTensor.Interleave(_conditions, GeneratorSamples.Translate(_networks, _conditions, generator), _targets);
}
