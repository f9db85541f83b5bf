using System.IO.Compression;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Data.Tests;

/// <summary>TIFF files, whose decoder is not to be trusted.</summary>
public class TiffPictureTests
{
    [Theory]
    [InlineData(uint.MaxValue)] // "one strip", as many programs write it
    [InlineData(int.MaxValue)]
    [InlineData(65u)]
    public void A_strip_longer_than_the_picture_costs_no_memory(uint rowsPerStrip)
    {
        var tiff = TiffFile.Bytes(64, 64, Packed(64 * 64, 9), compression: 8, rowsPerStrip);
        var before = GC.GetTotalAllocatedBytes();
        AssertReads(tiff, 9);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 50_000_000); // other tests run meanwhile
    }

    [Fact]
    public void Pages_that_lead_round_in_a_circle_are_one_page() =>
        AssertReads(TiffFile.Bytes(64, 64, Packed(64 * 64, 9), compression: 8, nextIsThis: true), 9);

    [Fact]
    public void Strips_that_claim_more_than_the_file_are_bounded_by_it()
    {
        Assert.Contains("cannot hold", Problem(TiffFile.Bytes(3000, 3000, new byte[100], compression: 8, stripLength: int.MaxValue)));
        Assert.Contains("cannot hold", Problem(TiffFile.Bytes(64, 64, new byte[4096], samples: ushort.MaxValue)));
        Assert.Contains("damaged", Problem(TiffFile.Bytes(0, 64, new byte[4096])));
        Assert.Contains("damaged", Problem(TiffFile.Bytes(64, 64, new byte[4096])[..4100]));
    }

    [Fact]
    public void A_decoder_that_does_not_end_is_given_up_and_two_at_most()
    {
        using var release = new ManualResetEventSlim();
        using var ended = new CountdownEvent(TiffPicture.MostGivenUp);
        var threads = new List<Thread>();
        for (var i = 0; i < TiffPicture.MostGivenUp; i++)
        {
            var (image, problem) = TiffPicture.Guard(() =>
            {
                lock (threads) threads.Add(Thread.CurrentThread);
                release.Wait();
                return new Image<Rgba32>(1, 1);
            }, TimeSpan.FromMilliseconds(10));
            Assert.Null(image);
            Assert.Contains("did not end", problem);
        }
        Assert.Contains("have not ended", TiffPicture.Guard(() => new Image<Rgba32>(1, 1), TimeSpan.FromMinutes(1)).Problem);
        release.Set();
        foreach (var thread in threads) thread.Join();
        using var after = TiffPicture.Guard(() => new Image<Rgba32>(1, 1), TimeSpan.FromMinutes(1)).Image;
        Assert.NotNull(after);
    }

    [Fact]
    public void A_strip_that_is_the_file_itself_does_not_overflow_the_stack()
    {
        // The decoder of JPEG in TIFF reads any picture that it finds in a strip.
        Assert.Contains("no JPEG", Problem(TiffFile.Bytes(64, 64, new byte[4096], compression: 7, stripAt: 0)));
        Assert.Contains("no JPEG", Problem(TiffFile.Bytes(64, 64, new byte[4096], compression: 7, stripAt: 0x7FFFFFFF)));
    }

    [Fact]
    public void What_a_decoder_throws_is_the_reason() => Assert.Contains("does not decode: broken",
        TiffPicture.Guard(() => throw new InvalidOperationException("broken"), TimeSpan.FromMinutes(1)).Problem);

    private static byte[] Packed(int length, byte value)
    {
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Fastest)) stream.Write([.. Enumerable.Repeat(value, length)]);
        return packed.ToArray();
    }

    private static void AssertReads(byte[] tiff, byte value)
    {
        using var folder = new TemporaryFolder();
        folder.Put("a.tif", tiff);
        Assert.All(Reading.Single(folder, size: 8), p => Assert.Equal(value, p));
    }

    private static string? Problem(byte[] tiff)
    {
        using var folder = new TemporaryFolder();
        folder.Put("a.tif", tiff);
        return new PictureReader(8, 3).Read(folder["a.tif"], new byte[192]);
    }
}
