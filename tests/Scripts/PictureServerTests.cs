using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace GanPipeline.Scripts.Tests;

/// <summary>The sample that serves pictures.</summary>
[Collection("builds")]
public class PictureServerTests
{
    private static string Model => Path.Combine(Repository.Root, "tests", "Inference", "models", "conditional.onnx");

    private static string Program => Path.Combine(Repository.Root, "artifacts", "bin", "PictureServer", "release", "PictureServer.dll");

    /// <summary>As many at once as there can be: everybody gets the picture of the seed that was asked for.</summary>
    [Fact]
    public async Task Pictures_of_seeds_are_the_same_at_each_visit()
    {
        using var folder = new TemporaryFolder();
        using var server = new Server(folder.Path, Program, Model);
        const int seeds = 50, visits = 20;
        var alone = new string[seeds];
        for (var seed = 0; seed < seeds; seed++) alone[seed] = await Picture(seed);
        Assert.Equal(seeds, alone.Distinct().Count());
        var together = new string[seeds * visits];
        await Parallel.ForAsync(0, together.Length, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
            together[i] = await Picture(i % seeds));
        // A byte may differ by 1, and its picture with it: ONNX Runtime rounds batches of other sizes differently.
        var same = together.Where((picture, i) => picture == alone[i % seeds]).Count();
        Assert.InRange(same, together.Length * 9 / 10, together.Length);
        Assert.Empty(together.Where((picture, i) => picture != alone[i % seeds] && alone.Contains(picture)));

        async Task<string> Picture(int seed) =>
            Convert.ToHexString(await server.Client.GetByteArrayAsync($"/image.png?seed={seed}&label=class%3Ddog"));
    }

    /// <summary>Everybody gets a picture, or is told that there are too many; and the server goes on.</summary>
    [Fact]
    public async Task Ten_thousand_at_once_are_answered_or_told_to_come_again()
    {
        using var folder = new TemporaryFolder();
        using var server = new Server(folder.Path, Program, Model, "--Generator:QueueLimit", "200");
        const int visitors = 10_000;
        var begin = new TaskCompletionSource();
        var visits = Enumerable.Range(0, visitors).Select(Visit).ToArray();
        begin.SetResult();
        var statuses = await Task.WhenAll(visits);
        Assert.All(statuses, status => Assert.True(status is 200 or 503, $"{status}"));
        Assert.InRange(statuses.Count(status => status == 200), 1, visitors);
        Assert.Equal("Healthy", await server.Client.GetStringAsync("/health"));

        async Task<int> Visit(int seed)
        {
            await begin.Task;
            using var answer = await server.Client.GetAsync($"/image.png?seed={seed}");
            var content = await answer.Content.ReadAsByteArrayAsync();
            if (answer.IsSuccessStatusCode) Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], content[..4]);
            else Assert.NotNull(answer.Headers.RetryAfter);
            return (int)answer.StatusCode;
        }
    }

    /// <summary>Who asks for much and reads nothing of it holds up nobody.</summary>
    [Fact]
    public async Task Slow_readers_hold_up_nobody()
    {
        using var folder = new TemporaryFolder();
        using var server = new Server(folder.Path, Program, Model, "--Generator:QueueLimit", "100000");
        var clients = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 100; i++)
            {
                var client = new TcpClient { ReceiveBufferSize = 1024 };
                clients.Add(client);
                await client.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                    $"GET /images.zip?count=256&scale=16&seed={i} HTTP/1.1\r\nHost: x\r\n\r\n"));
            }
            for (var seed = 0; seed < 20; seed++) Assert.NotEmpty(await server.Client.GetByteArrayAsync($"/image.png?seed={seed}"));
            // Half an answer is no answer: those who come back get it whole.
            using var archive = new ZipArchive(await server.Client.GetStreamAsync("/images.zip?count=256&scale=16&seed=1"));
            Assert.Equal(256, archive.Entries.Count);
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }
        Assert.Equal("Healthy", await server.Client.GetStringAsync("/health"));
    }

    [Fact]
    public async Task Answers_say_what_may_be_kept_and_what_is_wrong()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(2, Script.Run(Script.Dotnet, [Program], folder.Path).Code);
        var missing = Script.Run(Script.Dotnet, [Program, "none.onnx"], folder.Path);
        Assert.True(missing.Code == 1, missing.ToString());
        Assert.Contains("none.onnx", Assert.Single(missing.ErrorLines), StringComparison.Ordinal);

        using var server = new Server(folder.Path, Program, Model, "--Generator:QueueLimit", "100");
        var fresh = await server.Client.GetAsync("/image.png");
        Assert.True(fresh.Headers.CacheControl!.NoStore);
        Assert.Equal("image/png", fresh.Content.Headers.ContentType!.MediaType);
        var seed = fresh.Headers.GetValues("X-Seed").Single();
        Assert.NotEqual(seed, (await server.Client.GetAsync("/image.png")).Headers.GetValues("X-Seed").Single());
        Assert.Equal(await fresh.Content.ReadAsByteArrayAsync(), await server.Client.GetByteArrayAsync($"/image.png?seed={seed}"));

        var kept = await server.Client.GetAsync("/image.png?seed=7&scale=3");
        var tag = kept.Headers.ETag!;
        Assert.NotEqual(tag, (await server.Client.GetAsync("/image.png?seed=8&scale=3")).Headers.ETag);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/image.png?seed=7&scale=3");
        again.Headers.IfNoneMatch.Add(tag);
        Assert.Equal(HttpStatusCode.NotModified, (await server.Client.SendAsync(again)).StatusCode);

        using var archive = new ZipArchive(await server.Client.GetStreamAsync("/images.zip?seed=7&count=5&index=2"));
        Assert.Equal(["000002.png", "000003.png", "000004.png", "000005.png", "000006.png"], archive.Entries.Select(entry => entry.Name));

        await Refused(400, "There is no label 'owl'", "/image.png?label=owl");
        await Refused(400, "There is no parameter 'sed'", "/image.png?sed=7");
        await Refused(400, "The count is from 1 to 256", "/images.zip?count=257");
        await Refused(400, "", "/images.zip?count=101");
        await Refused(400, "The index is at least 0", "/image.png?seed=1&index=-1");
        await Refused(400, "The scale is from 1 to 16", "/image.png?scale=1000");
        Assert.Equal(400, (int)(await server.Client.GetAsync("/image.png?seed=seven")).StatusCode);
        Assert.Equal(404, (int)(await server.Client.GetAsync("/../../etc/passwd")).StatusCode);
        Assert.Equal(405, (await server.Post("/image.png", new byte[10])).Status);

        Assert.Equal("Healthy", await server.Client.GetStringAsync("/health"));
        Assert.Contains("/images.zip", await server.Client.GetStringAsync("/openapi.json"), StringComparison.Ordinal);
        Assert.Contains("This picture does not exist", await server.Client.GetStringAsync("/"), StringComparison.Ordinal);

        if (OperatingSystem.IsWindows()) return;
        var stopped = await server.Stop();
        Assert.True(stopped.Code == 0, stopped.ToString());
        Assert.Empty(stopped.Error);

        async Task Refused(int status, string detail, string address)
        {
            var answer = await server.Client.GetAsync(address);
            Assert.Equal(status, (int)answer.StatusCode);
            using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            Assert.Contains(detail, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }
}
