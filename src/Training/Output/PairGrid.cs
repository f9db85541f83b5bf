using GanPipeline.Data;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// What all sample grids of a translating training show: of some pairs the input, the output and the target; of networks that translate
/// both ways, of some images of both sides what becomes of them there and back.
/// </summary>
internal sealed class PairGrid : ISampleGrid
{
    // Input, output and target; or an image, the other side's, and back again, from either side.
    private const int OfPair = 3, OfBothWays = 6;

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
        var sides = networks.Cycles ? OfBothWays : OfPair;
        int[] pairs = [.. Spread.Indices(Math.Max(1, options.SampleCount / sides), source.Count)];
        var shape = source.Shape;
        var values = new float[pairs.Length * shape.Size];
        var usable = source.ReadUsable(pairs, values).Length;
        if (usable == 0) throw new DataSetException($"'{source.Name}' has no pair that can be read.");
        var images = new ImageTensor(values[..(usable * shape.Size)], usable, shape.Channels, shape.Height, shape.Width);
        _conditions = images.SelectChannels(0, source.ConditionChannels);
        _targets = images.SelectChannels(source.ConditionChannels, shape.Channels - source.ConditionChannels);
        Columns = sides * Math.Max(1, (int)Math.Round(Math.Sqrt(usable / (double)sides)));
    }

    public int Columns { get; }

    public ImageTensor Draw(Module<Tensor, Tensor> generator)
    {
        var made = Forth(_conditions);
        if (!_networks.Cycles) return ImageTensor.Interleave(
            _conditions.SelectChannels(0, _networks.ConditionChannels - _networks.PoseChannels), made, _targets);
        var back = Back(_targets);
        return ImageTensor.Interleave(_conditions, made, Back(made), _targets, back, Forth(back));

        ImageTensor Forth(ImageTensor images) => GeneratorSamples.Translate(_networks, images, generator);

        ImageTensor Back(ImageTensor images) => GeneratorSamples.TranslateBack(_networks, images, generator);
    }
}
