using System.Net;
using System.Net.Sockets;
using GanPipeline.Cli.Tests;
using GanPipeline.Inference;
using Google.Protobuf;
using Microsoft.Playwright;
using Onnx;

namespace GanPipeline.Browser.Tests;

/// <summary>The folders that gan page writes, made when a test asks for them, behind a file server.</summary>
public sealed class GeneratorPages : IAsyncLifetime, IDisposable
{
    private const string Fields = """
        [{"name":"animal","kind":"categorical","values":["cat & \"dog\"","light, wavy"]},{"name":"smiling","kind":"binary"},
        {"name":"yaw","kind":"numeric","low":-30,"high":90}]
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly ChromiumBrowser _browser = new();
    private readonly Lazy<FileServer> _server;

    public GeneratorPages() => _server = new(() => new FileServer(_folder.Path));

    /// <summary>Where all pages are.</summary>
    public string Address => _server.Value.Address;

    /// <summary>The model that a page is of.</summary>
    /// <param name="name">
    /// A folder of models/, a file of the tests of Inference, all-kinds, which has a label field of each kind, or fixed-batch.
    /// </param>
    public string Model(string name) => name switch
    {
        "all-kinds" => Changed(name, "conditional", model =>
        {
            model.MetadataProps.Single(entry => entry.Key == ModelMetadata.Labels).Value = Fields;
            // One example: the page draws all values that the link does not say from it.
            model.MetadataProps.Add(new StringStringEntryProto { Key = ModelMetadata.LabelExamples, Value = "[[1,1,12.5]]" });
        }),
        "fixed-batch" => Changed(name, "generator", model =>
        {
            foreach (var value in model.Graph.Input.Concat(model.Graph.Output)) value.Type.TensorType.Shape.Dim[0].DimValue = 3;
        }),
        _ => Path.Combine(Repository.Root, "models", name, "generator.onnx") is var shipped && File.Exists(shipped) ? shipped : Small(name),
    };

    /// <summary>The folder of a page, which is made.</summary>
    public string Folder(string name)
    {
        lock (_folder)
        {
            var folder = _folder[name];
            if (Directory.Exists(folder)) return folder;
            var outcome = GanProgram.Run(_folder.Path, "page", Model(name), "--out", folder, "--title", $"<{name}>");
            Assert.True(outcome.Code == 0, outcome.ToString());
            return folder;
        }
    }

    /// <summary>Opens the page of a model in a window of its own, and waits until it shows its pictures.</summary>
    /// <param name="name">See <see cref="Model"/>.</param>
    /// <param name="link">What the address says of the picture, with its #.</param>
    /// <param name="width">Of the window, in CSS pixels.</param>
    /// <param name="scheme">light or dark.</param>
    /// <param name="prepare">Is called before the page loads.</param>
    public async Task<IPage> OpenAsync(
        string name, string link = "", int width = 1280, string scheme = "light", Action<IPage>? prepare = null)
    {
        Folder(name);
        var page = await _browser.OpenAsync($"{Address}{name}/{link}", width, scheme, prepare);
        await IdleAsync(page);
        return page;
    }

    /// <summary>Opens a page as a file.</summary>
    public Task<IPage> OpenFileAsync(string name) =>
        _browser.OpenAsync(new Uri(Path.Combine(Folder(name), "index.html")).AbsoluteUri, 1280, "light");

    /// <summary>Waits until all is drawn.</summary>
    public static Task IdleAsync(IPage page) =>
        Assertions.Expect(page.Locator("main")).ToHaveAttributeAsync("aria-busy", "false");

    /// <summary>The pixels of the canvas that a selector finds, [H, W, 4].</summary>
    public static async Task<byte[]> PixelsAsync(IPage page, string canvas = "#picture")
    {
        await IdleAsync(page);
        return Convert.FromBase64String(await page.Locator(canvas).EvaluateAsync<string>("""
            canvas => {
              const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
              return btoa(Array.from(data, byte => String.fromCharCode(byte)).join(''));
            }
            """));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _browser.DisposeAsync();

    public void Dispose()
    {
        if (_server.IsValueCreated) _server.Value.Dispose();
        _folder.Dispose();
    }

    private static string Small(string name) => Path.Combine(Repository.Root, "tests", "Inference", "models", name + ".onnx");

    /// <summary>A small model with a change.</summary>
    private string Changed(string name, string from, Action<ModelProto> change)
    {
        var file = _folder[name + ".onnx"];
        if (File.Exists(file)) return file;
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Small(from)));
        change(model);
        File.WriteAllBytes(file, model.ToByteArray());
        return file;
    }

    /// <summary>Gives out the files of a folder, and nothing that a page would need beside them.</summary>
    private sealed class FileServer : IDisposable
    {
        private static readonly Dictionary<string, string> _types = new()
        {
            [".html"] = "text/html", [".css"] = "text/css", [".js"] = "text/javascript", [".json"] = "application/json",
            [".png"] = "image/png", [".wasm"] = "application/wasm",
        };

        private readonly string _folder;
        private readonly HttpListener _listener = new();

        public FileServer(string folder)
        {
            _folder = folder;
            using (var free = new TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
            }
            _listener.Prefixes.Add(Address);
            _listener.Start();
            _ = ServeAsync();
        }

        public string Address { get; }

        public void Dispose() => _listener.Close();

        private async Task ServeAsync()
        {
            while (_listener.IsListening)
            {
                HttpListenerContext context;
                try { context = await _listener.GetContextAsync(); }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException) { return; }
                var (path, response) = (context.Request.Url!.AbsolutePath, context.Response);
                var file = Path.Combine(_folder, path.EndsWith('/') ? path[1..] + "index.html" : path[1..]);
                try
                {
                    if (File.Exists(file))
                    {
                        response.ContentType = _types.GetValueOrDefault(Path.GetExtension(file), "application/octet-stream");
                        await response.OutputStream.WriteAsync(await File.ReadAllBytesAsync(file));
                    }
                    else response.StatusCode = 404;
                    response.Close();
                }
                catch (Exception e) when (e is HttpListenerException or IOException)
                {
                    // The browser went away.
                }
            }
        }
    }
}
