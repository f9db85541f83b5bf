using System.Buffers.Binary;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Tiff;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Data;

/// <summary>Decodes TIFF files with ImageSharp, which Skia does not read.</summary>
/// <remarks>
/// Its decoder may not end on every damaged file, and nothing can end it. So each file is decoded on a thread of its own, which is given up
/// when it takes too long: it then keeps a core busy, at the lowest priority, until it ends or the program does.
/// </remarks>
internal static class TiffPicture
{
    /// <summary>So many threads may be given up. Then no TIFF is decoded until one of them ends.</summary>
    public const int MostGivenUp = 2;

    // For a pixel the decoder has 4 bytes, and about as many again for a strip.
    private const int MostMegabytes = 1200;

    private const uint OldJpeg = 6, Jpeg = 7;

    private static readonly TiffDecoder _firstPage = new() { DecodingMode = FrameDecodingMode.First, IgnoreMetadata = true };
    private static int _givenUp;

    private static readonly Configuration _configuration = new(new TiffConfigurationModule())
    {
        MaxDegreeOfParallelism = 1,
        MemoryAllocator = MemoryAllocator.Create(new()
        {
            MaximumPoolSizeMegabytes = 64, AllocationLimitMegabytes = MostMegabytes,
        }),
    };

    /// <summary>The sides of the first page; null where its header is damaged.</summary>
    public static (int Width, int Height)? Size(ReadOnlySpan<byte> file)
    {
        var tiff = new TiffDirectory(file);
        return tiff.First(TiffDirectory.Width) is { } width and > 0 and <= int.MaxValue
            && tiff.First(TiffDirectory.Height) is { } height and > 0 and <= int.MaxValue ? ((int)width, (int)height) : null;
    }

    /// <summary>Decodes the first page.</summary>
    /// <returns>The picture, which the caller disposes, or the reason why there is none.</returns>
    public static (Image<Rgba32>? Image, string? Problem) Decode(ReadOnlySpan<byte> file)
    {
        // Of another strip the decoder makes a picture of its own, which may be this TIFF again, and so on until the stack overflows.
        if (new TiffDirectory(file) is var tiff && tiff.First(TiffDirectory.Compression) is OldJpeg or Jpeg
            && !tiff.AllBegin(TiffDirectory.StripOffsets, [0xFF, 0xD8])) return (null, "it does not decode: a strip of it is no JPEG");
        var copy = OfFirstPage(file);
        return Guard(() =>
        {
            using var stream = new MemoryStream(copy, writable: false);
            return _firstPage.Decode<Rgba32>(_configuration, stream, CancellationToken.None);
        }, TimeSpan.FromSeconds(60));
    }

    /// <summary>Runs a decoder that may not end.</summary>
    public static (Image<Rgba32>? Image, string? Problem) Guard(Func<Image<Rgba32>> decode, TimeSpan deadline)
    {
        if (Volatile.Read(ref _givenUp) >= MostGivenUp) return (null, "the decoders of other TIFF files have not ended");
        var (gate, ended, givenUp) = (new Lock(), false, false);
        var (image, problem) = ((Image<Rgba32>?)null, (string?)null);
        using var done = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            Image<Rgba32>? decoded = null;
            string? reason = null;
            try { decoded = decode(); }
            // Whatever the decoder throws, the file is what is wrong.
            catch (Exception e) { reason = $"it does not decode: {e.Message}"; }
            lock (gate)
            {
                if (givenUp)
                {
                    decoded?.Dispose();
                    Interlocked.Decrement(ref _givenUp);
                    return;
                }
                (image, problem, ended) = (decoded, reason, true);
                done.Set();
            }
        }) { IsBackground = true, Name = "TIFF" };
        thread.Start();
        done.Wait(deadline);
        lock (gate)
        {
            if (ended) return (image, problem);
            givenUp = true;
            Interlocked.Increment(ref _givenUp);
        }
        thread.Priority = ThreadPriority.Lowest;
        return (null, $"its decoder did not end within {deadline.TotalSeconds:0} seconds");
    }

    /// <summary>A copy without other pages, and with strips that are not longer than the picture: both make the decoder's work.</summary>
    private static byte[] OfFirstPage(ReadOnlySpan<byte> file)
    {
        var copy = file.ToArray();
        var tiff = new TiffDirectory(file);
        if (tiff.NextAt <= copy.Length - 4) copy.AsSpan(tiff.NextAt, 4).Clear();
        if (tiff.ValueAt(TiffDirectory.RowsPerStrip) is >= 0 and var at && at <= copy.Length - 4 &&
            tiff.First(TiffDirectory.RowsPerStrip) > tiff.First(TiffDirectory.Height))
        {
            var value = copy.AsSpan(at, 4);
            var height = (ushort)tiff.First(TiffDirectory.Height)!.Value;
            // A short number stands in the first two of the four bytes, a long one in all.
            var isLong = copy[at - 6] + copy[at - 5] == 4;
            value.Clear();
            if (copy[0] == 'I') BinaryPrimitives.WriteUInt16LittleEndian(value, height);
            else BinaryPrimitives.WriteUInt16BigEndian(isLong ? value[2..] : value, height);
        }
        return copy;
    }
}
