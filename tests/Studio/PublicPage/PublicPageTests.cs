using System.Net;
using System.Text.RegularExpressions;
using GanPipeline.Inference;
using Microsoft.AspNetCore.Builder;

namespace GanPipeline.Studio.Tests;

/// <summary>The page for the public: <c>gan studio --page</c>.</summary>
public sealed partial class PublicPageTests : ServedTests
{
    private static readonly string _model = Path.Combine(Models, "quickstart", "generator.onnx");

    protected override WebApplication Create() => PublicPageServer.Create(StudioOptions.Create("127.0.0.1", 0, null), _model);

    private async Task<string> PictureOf(string path)
    {
        var match = Picture().Match(await Client.GetStringAsync(Address(path)));
        Assert.True(match.Success);
        return WebUtility.HtmlDecode(match.Groups[1].Value);
    }

    [Fact]
    public async Task Each_visit_has_another_picture_and_its_link_shows_it_again()
    {
        var pictures = new HashSet<string>();
        for (var i = 0; i < 5; i++) pictures.Add(await PictureOf("/"));
        Assert.True(pictures.Count > 3);
        var page = await Client.GetStringAsync(Address("/?picture=77&label0=plate%202x3"));
        Assert.Contains("<p>Picture 77: plate 2x3</p>", page, StringComparison.Ordinal);
        Assert.Contains("<option selected>plate 2x3</option>", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/?picture=77&amp;label0=plate%202x3\"", page, StringComparison.Ordinal);

        using var generator = GeneratorModel.Load(_model);
        using var answer = await Client.GetAsync(Address(await PictureOf("/?picture=77&label0=plate%202x3")));
        Assert.Equal("image/png", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal(Pictures.EncodePng(generator.Sample(1, first: 77, labels: ["plate 2x3"]), 0),
            await answer.Content.ReadAsByteArrayAsync());
        // Without a label, the picture's number chooses it: what the caption says is what is shown.
        Assert.Contains("<p>Picture 13: brick 2x2</p>", await Client.GetStringAsync(Address("/?picture=13")), StringComparison.Ordinal);
        Assert.Equal(Pictures.EncodePng(generator.Sample(1, labels: ["brick 2x2"], first: 13), 0),
            await Client.GetByteArrayAsync(Address(await PictureOf("/?picture=13"))));
    }

    [Fact]
    public async Task The_page_runs_no_script_and_is_in_the_visitors_language()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address("/"));
        request.Headers.AcceptLanguage.ParseAdd("es");
        request.Headers.Host = "pictures.example";
        using var answer = await Client.SendAsync(request);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains("<html lang=\"es\">", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none';", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("/?label0=nope", HttpStatusCode.BadRequest, "There is no class 'nope'; there are: brick 1x1")]
    [InlineData("/?label0=%3Cscript%3E", HttpStatusCode.BadRequest, "There is no class")]
    [InlineData("/pictures/other/1.png", HttpStatusCode.NotFound, "")]
    [InlineData("/pictures/{0}/1000000.png", HttpStatusCode.NotFound, "")]
    [InlineData("/pictures/{0}/-1.png", HttpStatusCode.NotFound, "")]
    [InlineData("/pictures/{0}/1.png?label0=nope", HttpStatusCode.BadRequest, "There is no class")]
    [InlineData("/runs", HttpStatusCode.NotFound, "")]
    [InlineData("/models", HttpStatusCode.NotFound, "")]
    [InlineData("/lab", HttpStatusCode.NotFound, "")]
    [InlineData("/assets/plotly.js", HttpStatusCode.NotFound, "")]
    public async Task What_there_is_not_is_refused(string path, HttpStatusCode status, string problem)
    {
        var version = (await PictureOf("/")).Split('/')[2];
        await TellsAsync(path.Replace("{0}", version, StringComparison.Ordinal), status, problem);
    }

    [Fact]
    public async Task Nothing_can_be_sent()
    {
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch })
        {
            using var request = new HttpRequestMessage(method, Address("/")) { Content = new ByteArrayContent(new byte[100]) };
            using var answer = await Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        }
        using var longer = await Client.GetAsync(Address("/?label0=" + new string('a', 5000)));
        Assert.Equal(HttpStatusCode.RequestUriTooLong, longer.StatusCode);
    }

    [Fact]
    public async Task A_thousand_wrong_requests_are_refused_without_a_stack_trace()
    {
        var version = (await PictureOf("/")).Split('/')[2];
        string[] paths =
        [
            "/nothing", "/?label0=none", "/?label0=" + new string('a', 3000), $"/pictures/{version}/x.png", $"/pictures/{version}/-1.png",
            $"/pictures/{version}/9999999.png", $"/pictures/{version}/1.png?label0=%00", "/pictures/%2e%2e/1.png", "/assets/studio.css",
            "/%2e%2e/%2e%2e/etc/passwd", "/runs/new", "/models/quickstart/generator/image.png",
        ];
        HttpMethod[] methods = [HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Trace, new("STRANGE")];
        await Parallel.ForAsync(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, stop) =>
        {
            using var request = new HttpRequestMessage(methods[i / paths.Length % methods.Length], Address(paths[i % paths.Length]));
            using var answer = await Client.SendAsync(request, stop);
            Assert.InRange((int)answer.StatusCode, 400, 499);
            Assert.DoesNotContain("   at ", await answer.Content.ReadAsStringAsync(stop), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_hundred_visitors_at_once_all_get_their_picture()
    {
        var sizes = await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
            (await Client.GetByteArrayAsync(Address(await PictureOf("/")))).Length));
        Assert.All(sizes, size => Assert.True(size > 100));
    }

    [Fact]
    public void One_address_has_a_limit_and_this_machine_has_none()
    {
        using var limiter = System.Threading.RateLimiting.PartitionedRateLimiter.Create<string, IPAddress>(
            address => VisitorLimits.Partition(IPAddress.Parse(address)));
        int Granted(string address) => Enumerable.Range(0, 1000).Count(_ => limiter.AttemptAcquire(address).IsAcquired);
        // A few may come back meanwhile.
        Assert.InRange(Granted("203.0.113.5"), VisitorLimits.AtOnce, 2 * VisitorLimits.AtOnce);
        Assert.InRange(Granted("203.0.113.6"), VisitorLimits.AtOnce, 2 * VisitorLimits.AtOnce);
        Assert.InRange(Granted("::ffff:203.0.113.5"), 0, VisitorLimits.AtOnce);
        Assert.InRange(Granted("2001:db8::1"), VisitorLimits.AtOnce, 2 * VisitorLimits.AtOnce);
        Assert.InRange(Granted("2001:db8::2"), 0, VisitorLimits.AtOnce);
        Assert.Equal(1000, Granted("127.0.0.1"));
        Assert.Equal(1000, Granted("::1"));
    }

    [Fact]
    public void A_file_that_is_no_generator_is_told()
    {
        var classifier = Path.Combine(Models, "bricks-classifier", "classifier.onnx");
        Assert.Contains("is not a generator", Assert.Throws<ModelException>(
            () => PublicPageServer.Create(StudioOptions.Create("127.0.0.1", 0, null), classifier)).Message, StringComparison.Ordinal);
    }

    [GeneratedRegex("src=\"(/pictures/[^\"]+)\"")]
    private static partial Regex Picture();
}
