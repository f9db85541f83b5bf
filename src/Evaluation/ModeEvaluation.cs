using System.Globalization;
using GanPipeline.Inference;

namespace GanPipeline.Evaluation;

/// <summary>
/// Tells the mode of each picture of stacked digits, whose channels are a digit each, by a classifier that reads one channel at a time,
/// and compares the modes with the data's.
/// </summary>
/// <remarks>What the classifier reads wrong moves samples between modes: measure real pictures beside the samples.</remarks>
public sealed class ModeEvaluation : IDisposable
{
    private readonly ClassifierModel _classifier;
    private readonly IReadOnlyList<double> _shares;
    private readonly int[] _modes;

    private ModeEvaluation(ClassifierModel classifier, int[] modes, IReadOnlyList<double> shares, int channels)
    {
        (_classifier, _modes, _shares, Channels) = (classifier, modes, shares, channels);
        LeastImages = shares.Count(share => share > 0);
    }

    /// <summary>C, the channels of the pictures.</summary>
    public int Channels { get; }

    /// <summary>The fewest pictures that can be measured: one for each of the data's modes.</summary>
    public int LeastImages { get; }

    /// <summary>Opens the classifier.</summary>
    /// <param name="path">
    /// An ONNX file that <see cref="ClassifierModel"/> reads, of gray pictures and with one attribute. Pictures of another size are resized
    /// to its own.
    /// </param>
    /// <param name="modes">
    /// The data's modes by name: the names of the channels' classes behind each other, as in <c>042</c> for the digits 0, 4 and 2.
    /// <c>IImageSource.Classes</c> of stacked digits are such names.
    /// </param>
    /// <param name="shares">The data's share of each mode; <c>ClassShares()</c> of a data set has them.</param>
    /// <param name="channels">C.</param>
    /// <param name="options">Threads, device, batch size; null means all defaults.</param>
    /// <exception cref="ModelException">
    /// No such file, no classifier, one of colour pictures, of several attributes, or without the classes that the modes are named by.
    /// </exception>
    /// <exception cref="ArgumentException">No modes, or not a share for each.</exception>
    public static ModeEvaluation Load(
        string path, IReadOnlyList<string> modes, IReadOnlyList<double> shares, int channels = 3, ModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(modes);
        ArgumentNullException.ThrowIfNull(shares);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        if (modes.Count == 0) throw new ArgumentException("There are no modes.", nameof(modes));
        if (modes.Count != shares.Count)
            throw new ArgumentException($"There are {modes.Count} modes, but {shares.Count} shares.", nameof(shares));
        var classifier = ClassifierModel.Load(path, options);
        try
        {
            return new(classifier, Places(classifier, path, modes, channels), shares, channels);
        }
        catch
        {
            classifier.Dispose();
            throw;
        }
    }

    /// <summary>The metrics of pictures; memory does not grow with their number.</summary>
    /// <param name="batches">Pictures of C channels, of any size.</param>
    /// <param name="progress">Receives the number of pictures done.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">
    /// Pictures of another number of channels, or fewer than <see cref="LeastImages"/> of them.
    /// </exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public ModeMetrics Evaluate(
        IEnumerable<ImageTensor> batches, Action<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        var counts = new long[_shares.Count];
        long outside = 0, done = 0;
        foreach (var images in batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var mode in Read(images, cancellationToken))
            {
                if (mode < 0) outside++;
                else counts[mode]++;
            }
            progress?.Invoke(done += images.Count);
        }
        return ModeMetrics.Compute(counts, _shares, outside);
    }

    /// <summary>The mode of each picture, an index into the modes; -1 for one that the data lack.</summary>
    /// <param name="images">Pictures of C channels, of any size.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">Another number of channels.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public int[] Read(ImageTensor images, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Channels != Channels)
            throw new ArgumentException($"The pictures have {images.Channels} channels, but modes of {Channels} are measured.",
                nameof(images));
        var gray = AreaResampling.Resize(images, _classifier.Height, _classifier.Width).AsGray();
        var read = _classifier.Read(gray, cancellationToken)[0];
        var classes = _classifier.Fields[0].Values.Count;
        var modes = new int[images.Count];
        for (var i = 0; i < modes.Length; i++)
        {
            var place = 0;
            foreach (var digit in read.AsSpan(i * Channels, Channels)) place = place * classes + digit;
            modes[i] = _modes[place];
        }
        return modes;
    }

    /// <summary>Closes the classifier.</summary>
    public void Dispose() => _classifier.Dispose();

    /// <summary>The mode of each combination of classes, the first channel's class counting most; -1 for none.</summary>
    private static int[] Places(ClassifierModel classifier, string path, IReadOnlyList<string> modes, int channels)
    {
        if (classifier.Channels != 1)
            throw new ModelException($"'{path}' reads pictures of {classifier.Channels} channels, but each channel is read by itself: " +
                "take a classifier of gray pictures.");
        if (classifier.Fields is not [{ Kind: LabelKind.Categorical } field])
            throw new ModelException($"'{path}' reads {string.Join(", ", classifier.Fields.Select(f => f.Name))}, but modes are told by " +
                "one attribute with classes.");
        var combinations = Math.Pow(field.Values.Count, channels);
        if (combinations > int.MaxValue / sizeof(int))
            throw new ModelException(string.Create(CultureInfo.InvariantCulture,
                $"'{path}' tells {field.Values.Count} classes apart: {combinations:0} modes of {channels} channels are too many."));
        var places = new int[(int)combinations];
        var names = new Dictionary<string, int>();
        for (var i = 0; i < modes.Count; i++) names[modes[i]] = i;
        var found = 0;
        for (var place = 0; place < places.Length; place++)
        {
            var name = "";
            for (var (rest, channel) = (place, 0); channel < channels; rest /= field.Values.Count, channel++)
                name = field.Values[rest % field.Values.Count] + name;
            places[place] = names.GetValueOrDefault(name, -1);
            if (places[place] >= 0) found++;
        }
        return found == modes.Count
            ? places
            : throw new ModelException($"'{path}' tells {field.Values.Count} classes apart, {field.Values[0]} to {field.Values[^1]}, " +
                $"that name {found} of the data's {modes.Count} modes, {modes[0]} to {modes[^1]}: take a classifier of the classes that " +
                "a channel has.");
    }
}

/// <summary>Pictures whose channels are pictures by themselves.</summary>
internal static class ChannelPictures
{
    /// <summary>[N, C, H, W] as [N C, 1, H, W]: the same values.</summary>
    public static ImageTensor AsGray(this ImageTensor images) =>
        new(images.Values, images.Count * images.Channels, 1, images.Height, images.Width);
}
