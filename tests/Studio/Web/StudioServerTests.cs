using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;

namespace GanPipeline.Studio.Tests;

/// <summary>The server as browsers and others meet it.</summary>
public sealed class StudioServerTests : IAsyncLifetime, IDisposable
{
    private const string Token = "0123456789abcdef";

    private readonly HttpClient _client = new(new HttpClientHandler { AllowAutoRedirect = false });
    private WebApplication _local = null!, _guarded = null!;

    private Uri Local => new(_local.Urls.First());

    private Uri Guarded => new(_guarded.Urls.First());

    public async Task InitializeAsync()
    {
        _local = StudioServer.Create(StudioOptions.Create("127.0.0.1", 0, null));
        _guarded = StudioServer.Create(StudioOptions.Create("127.0.0.1", 0, Token));
        await _local.StartAsync();
        await _guarded.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _local.DisposeAsync();
        await _guarded.DisposeAsync();
    }

    public void Dispose() => _client.Dispose();

    private async Task<(HttpStatusCode Status, string Text)> GetAsync(Uri uri, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        change?.Invoke(request);
        using var response = await _client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Pages_come_in_the_visitors_language_with_no_script_but_the_studios()
    {
        using var response = await _client.GetAsync(new Uri(Local, "/lab"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\">", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var spanish = await GetAsync(new(Local, "/lab"), request => request.Headers.AcceptLanguage.ParseAdd("de, es-MX;q=0.8, en;q=0.5"));
        Assert.Contains("<html lang=\"es\">", spanish.Text, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"es\">", (await GetAsync(new(Local, "/lab?language=es"))).Text, StringComparison.Ordinal);
        // An unknown one is no choice; the one before is remembered.
        Assert.Contains("<html lang=\"es\">", (await GetAsync(new(Local, "/lab?language=xx"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_kept_by_browsers_and_templates_are_no_files()
    {
        using var first = await _client.GetAsync(new Uri(Local, "/assets/lab.js"));
        Assert.Equal("text/javascript", first.Content.Headers.ContentType!.MediaType);
        var again = await GetAsync(new(Local, "/assets/lab.js"), request => request.Headers.IfNoneMatch.Add(first.Headers.ETag!));
        Assert.Equal(HttpStatusCode.NotModified, again.Status);
        foreach (var path in new[] { "lab.html", "..%2Ftexts%2Fen.json", "en.json", "none.js", "" })
            Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(new(Local, $"/assets/{path}"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(new(Local, "/nothing"))).Status);
    }

    [Theory]
    [InlineData("/runs/none")]
    [InlineData("/runs/none/state")]
    [InlineData("/runs/%2e%2e/state")]
    [InlineData("/runs/..%2f..%2fetc/state")]
    [InlineData("/runs/none/report.html")]
    [InlineData("/runs/none/samples/1.png")]
    [InlineData("/runs/none/samples/..%2f..%2fsummary.json")]
    [InlineData("/runs/none/samples/99999999999999999999.png")]
    public async Task What_is_no_run_is_not_found(string path)
    {
        var (status, text) = await GetAsync(new(Local, path));
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("", text);
    }

    [Fact]
    public async Task Other_names_and_other_sites_are_refused()
    {
        var rebound = await GetAsync(Local, request => request.Headers.Host = "evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, rebound.Status);
        using var post = new HttpRequestMessage(HttpMethod.Post, Local) { Content = new StringContent("") };
        post.Headers.Add("Origin", "http://evil.example");
        using var posted = await _client.SendAsync(post);
        Assert.Equal(HttpStatusCode.Forbidden, posted.StatusCode);
        foreach (var origin in new[] { null, "http://evil.example", "null" })
        {
            var refused = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(Local, origin));
            Assert.Contains("403", refused.Message, StringComparison.Ordinal);
        }
    }

    private async Task<(HttpStatusCode Status, string Text)> PostAsync(string path, string body, string? origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Local, path))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (origin is not null) request.Headers.Add("Origin", origin);
        using var response = await _client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_post_of_another_origin_starts_and_stops_nothing()
    {
        const string wanted = """{"pipeline":"quickstart","name":"x"}""";
        foreach (var path in new[] { "/runs/new", "/runs/new/check", "/runs/x/stop", "/runs/x/resume" })
            foreach (var origin in new[] { null, "http://evil.example", "null" })
                Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(path, wanted, origin)).Status);
        var started = (StartedRuns)_local.Services.GetService(typeof(StartedRuns))!;
        Assert.Null(started.Find("x"));
        // Of its own it would, were there a program to start.
        var (status, text) = await PostAsync("/runs/new", wanted, Local.GetLeftPart(UriPartial.Authority));
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("--gan", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"pipeline\":null}")]
    [InlineData("{\"settings\":[{\"key\":\"train.steps\"}]}")]
    [InlineData("{\"settings\":[null]}")]
    [InlineData("{\"program\":\"sh\"}")]
    public async Task A_wrong_request_for_a_run_is_refused(string body)
    {
        foreach (var path in new[] { "/runs/new", "/runs/new/check" })
            Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(path, body, Local.GetLeftPart(UriPartial.Authority))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("/runs/none/stop", "", Local.GetLeftPart(UriPartial.Authority))).Status);
    }

    [Fact]
    public async Task A_thousand_wrong_requests_are_refused_without_a_stack_trace()
    {
        string[] paths =
        [
            "/nothing", "/lab/nothing", "/lab/session", "/assets/", "/assets/%00", "/assets/lab.html", "/runs/%00/state",
            "/runs/a/samples/-1.png", "/runs/a/samples/x.png", "/models/%00/generator", "/models/a/generator/image.png?seed=x",
            "/runs/" + new string('a', 4000), "/%2e%2e/%2e%2e/etc/passwd", "//none",
        ];
        HttpMethod[] methods = [HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Trace, new("STRANGE")];
        var refused = 0;
        await Parallel.ForAsync(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, stop) =>
        {
            var method = methods[i / paths.Length % methods.Length];
            using var request = new HttpRequestMessage(method, new Uri(_local.Urls.First() + paths[i % paths.Length]));
            request.Headers.TryAddWithoutValidation("Accept-Language", i % 3 == 0 ? ";;;q=x" : "en");
            if (i % 2 == 0) request.Headers.TryAddWithoutValidation("Origin", Local.GetLeftPart(UriPartial.Authority));
            if (method != HttpMethod.Get && method != HttpMethod.Trace) request.Content = new ByteArrayContent(new byte[10]);
            using var response = await _client.SendAsync(request, stop);
            var text = await response.Content.ReadAsStringAsync(stop);
            Assert.InRange((int)response.StatusCode, 400, 499);
            Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
            Interlocked.Increment(ref refused);
        });
        Assert.Equal(1000, refused);
        // And it still serves.
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(new(Local, "/lab"))).Status);
    }

    [Fact]
    public async Task A_token_opens_the_studio_and_nothing_else_does()
    {
        foreach (var path in new[] { "/", "/lab", "/assets/lab.js", "/?token=", "/?token=0123456789abcdeF" })
            Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync(new(Guarded, path))).Status);
        using var opened = await _client.GetAsync(new Uri(Guarded, $"/lab?token={Token}"));
        Assert.Equal(HttpStatusCode.Redirect, opened.StatusCode);
        Assert.Equal("/lab", opened.Headers.Location!.ToString());
        // The client has kept the cookie.
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(new(Guarded, "/lab"))).Status);
    }

    [Fact]
    public async Task A_lab_trains_says_what_is_wrong_and_ends_with_its_page()
    {
        using var socket = await ConnectAsync(Local, Local.GetLeftPart(UriPartial.Authority));
        var frame = await ReceiveAsync(socket);
        Assert.Contains("\"round\":0,", frame, StringComparison.Ordinal);
        await SendAsync(socket, """{"action":"step-round"}""");
        while (!frame.Contains("\"round\":1,", StringComparison.Ordinal)) frame = await ReceiveAsync(socket);
        await SendAsync(socket, """{"action":"jump"}""");
        while (!frame.StartsWith("{\"problem\"", StringComparison.Ordinal)) frame = await ReceiveAsync(socket);
        await SendAsync(socket, """{"action":"change","settings":{"batchSize":0}}""");
        frame = await ReceiveAsync(socket);
        while (!frame.Contains("2 to 1,000", StringComparison.Ordinal)) frame = await ReceiveAsync(socket);
        await SendAsync(socket, """{"action":"play"}""");
        while (!frame.Contains("\"round\":", StringComparison.Ordinal) || frame.Contains("\"round\":1,", StringComparison.Ordinal))
            frame = await ReceiveAsync(socket);
        // Longer than any command.
        await SendAsync(socket, new string(' ', 70_000));
        while (socket.State == WebSocketState.Open) frame = await ReceiveAsync(socket);
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, socket.CloseStatus);
    }

    [Fact]
    public async Task Of_too_many_labs_the_last_is_told_so()
    {
        var sockets = new List<ClientWebSocket>();
        try
        {
            // Those of the test beside this one may be among them.
            while (true)
            {
                sockets.Add(await ConnectAsync(Local, Local.GetLeftPart(UriPartial.Authority)));
                await ReceiveAsync(sockets[^1]);
                if (sockets[^1].State != WebSocketState.Open) break;
            }
            Assert.Equal("busy", sockets[^1].CloseStatusDescription);
            Assert.InRange(sockets.Count, 2, LabSocket.MostLabs + 1);
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
    }

    [Theory]
    [InlineData("nowhere", 0, null, "--address")]
    [InlineData("127.0.0.1", 70_000, null, "--port")]
    [InlineData("127.0.0.1", 0, "short", "--token")]
    public void Wrong_options_are_named(string address, int port, string? token, string named) =>
        Assert.Contains(named, Assert.Throws<ArgumentException>(() => StudioOptions.Create(address, port, token)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Beyond_this_machine_there_is_always_a_token()
    {
        Assert.Null(StudioOptions.Create("localhost", 0, null).Token);
        Assert.Equal(32, StudioOptions.Create("0.0.0.0", 0, null).Token!.Length);
        Assert.NotEqual(StudioOptions.Create("0.0.0.0", 0, null).Token, StudioOptions.Create("0.0.0.0", 0, null).Token);
    }

    private static async Task<ClientWebSocket> ConnectAsync(Uri server, string? origin)
    {
        var socket = new ClientWebSocket();
        if (origin is not null) socket.Options.SetRequestHeader("Origin", origin);
        try
        {
            await socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = "/lab/session" }.Uri, CancellationToken.None);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Task SendAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    /// <summary>The next message; of a frame the header.</summary>
    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var bytes = new byte[1 << 20];
        var length = 0;
        WebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(new ArraySegment<byte>(bytes, length, bytes.Length - length), CancellationToken.None);
            length += part.Count;
        } while (!part.EndOfMessage);
        return part.MessageType == WebSocketMessageType.Binary ? Encoding.UTF8.GetString(bytes, 4, BitConverter.ToInt32(bytes))
            : Encoding.UTF8.GetString(bytes, 0, length);
    }
}
