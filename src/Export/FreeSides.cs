using System.Globalization;
using System.Numerics;
using GanPipeline.Inference;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export;

/// <summary>The sides of the images that a network takes beside those that it was made for, found by running it.</summary>
/// <param name="Multiple">What height and width are multiples of.</param>
/// <param name="Least">The least of them.</param>
internal sealed record FreeSides(int Multiple, int Least)
{
    // A network is recorded on small images, and verified on those of its own size, too.
    private const int RecordedSide = 32;

    /// <exception cref="ExportException">It takes images of no other size, or makes images of another ratio of them.</exception>
    public static FreeSides Find(Module<Tensor, Tensor> network, int channels, int height, int width)
    {
        using var modes = new ModuleModes([network], ExportMode.Evaluation);
        using var scope = NewDisposeScope();
        var device = network.parameters().FirstOrDefault()?.device ?? CPU;
        string? problem = null;
        long[] made;
        try
        {
            made = network.call(zeros(1, channels, height, width, device: device)).shape;
        }
        catch (Exception e) when (e is not ExportException)
        {
            throw new ExportException(
                $"The network itself fails on images [N, {channels}, {height}, {width}]: {TorchError.Text(e)}", e);
        }
        if (made.Length != 4)
            throw new ExportException($"The translator makes [{string.Join(", ", made)}] of an image; an image is [N, channels, height, " +
                "width].");
        var common = (int)BigInteger.GreatestCommonDivisor(height, width);
        var multiples = Enumerable.Range(1, common).Where(multiple => common % multiple == 0);
        if (multiples.FirstOrDefault(multiple => Fits(height + multiple, width + 2 * multiple)) is not (> 0 and var found))
            throw new ExportException($"The network takes images of {height} x {width} pixels alone: {problem}. Export it without free " +
                "sides, or replace what depends on the size, such as a dense layer.");
        var least = Enumerable.Range(1, common / found).Select(i => i * found).First(side => side == common || Fits(side, side));
        return new FreeSides(found, least);

        bool Fits(int h, int w)
        {
            using var inner = NewDisposeScope();
            try
            {
                var shape = network.call(zeros(1, channels, h, w, device: device)).shape;
                if (shape.Length == 4 && shape[1] == made[1] && shape[2] * height == made[2] * h && shape[3] * width == made[3] * w)
                    return true;
                problem = $"of {h} x {w} it makes [{string.Join(", ", shape)}]";
            }
            catch (Exception e) when (e is not ExportException)
            {
                problem = $"it fails on {h} x {w}, {TorchError.Text(e).TrimEnd('.')}";
            }
            return false;
        }
    }

    /// <summary>The side that a network of this side is recorded on: a small one, that it takes.</summary>
    public int Recorded(int side) => Math.Min(side, Math.Max(Least, (RecordedSide + Multiple - 1) / Multiple * Multiple));

    /// <summary>What the file says of its sides.</summary>
    public (string Key, string Value)[] Metadata(int height, int width) =>
    [
        (ModelMetadata.TrainedSize, string.Create(CultureInfo.InvariantCulture, $"{height},{width}")),
        (ModelMetadata.SideMultiple, Multiple.ToString(CultureInfo.InvariantCulture)),
        (ModelMetadata.LeastSide, Least.ToString(CultureInfo.InvariantCulture)),
    ];
}
