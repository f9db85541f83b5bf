using System.CommandLine;
using System.Net.Sockets;
using GanPipeline.Inference;
using GanPipeline.Pipelines;
using GanPipeline.Studio;
using GanPipeline.Training;

var address = new Option<string>("--address")
{
    Description = "Where it is served: 127.0.0.1, this machine alone, or 0.0.0.0, all who can reach it and know the token.",
    HelpName = "ip",
    DefaultValueFactory = _ => "127.0.0.1",
};
var port = new Option<int>("--port")
{
    Description = "0 takes a free one.", HelpName = "number", DefaultValueFactory = _ => StudioOptions.UsualPort,
};
var token = new Option<string?>("--token")
{
    Description = "What visitors have to know, 16 characters or more; beyond this machine a random one unless given.", HelpName = "text",
};
var runs = new Option<string>("--runs")
{
    Description = "The folder of the runs to show.", HelpName = "folder", DefaultValueFactory = _ => "runs",
};
var models = new Option<string>("--models")
{
    Description = "The folder of the models to show, besides those of the runs.", HelpName = "folder",
    DefaultValueFactory = _ => StudioOptions.UsualModels(),
};
var page = new Option<string?>("--page")
{
    Description = "Serve nothing but a page for the public, with a fresh picture at each visit of this generator: its file, or its folder.",
    HelpName = "model",
};
var file = new Option<string?>("--file")
{
    Description = "The file with the pipelines that runs are started of. Default: pipelines.yaml here, else the one that ships.",
    HelpName = "pipelines.yaml",
};
var gan = new Option<string?>("--gan")
{
    Description = "The program that runs are started with, gan or gan.dll. ./gan studio names its own in GAN_PROGRAM.", HelpName = "file",
    DefaultValueFactory = _ => Environment.GetEnvironmentVariable("GAN_PROGRAM"),
};
var command = new RootCommand("A GAN seen in the browser: pages served on this machine.") 
{
    runs, models, page, file, gan, address, port, token,
};
command.SetAction(async (parsed, _) =>
{
    WebApplication app;
    StudioOptions options;
    try
    {
        if (parsed.GetValue(page) is not null && parsed.GetValue(token) is not null)
            throw new ArgumentException("--page serves a page for everybody, which asks for no --token.");
        options = StudioOptions.Create(parsed.GetValue(address)!, parsed.GetValue(port), parsed.GetValue(token)) with
        {
            Runs = parsed.GetValue(runs)!, Models = parsed.GetValue(models)!,
            Pipelines = parsed.GetValue(file), Gan = parsed.GetValue(gan),
        };
        app = parsed.GetValue(page) is { } model ? PublicPageServer.Create(options, ModelFolder.Find(model, "generator.onnx"))
            : StudioServer.Create(options);
    }
    catch (Exception e) when (e is ArgumentException or TrainingException or RequestException or ModelException)
    {
        Console.Error.WriteLine(e.Message);
        return 2;
    }
    try
    {
        await app.StartAsync(CancellationToken.None);
    }
    catch (Exception e) when (e is IOException or SocketException)
    {
        Console.Error.WriteLine($"The studio cannot be served at {options.Address}, port {options.Port}: {e.Message.TrimEnd('.')}. " +
            "--port 0 takes a free port; --address takes an address of this machine.");
        return 1;
    }
    Console.WriteLine(parsed.GetValue(page) is null
        ? $"Studio: {app.Urls.First()}/{(options.Token is null ? "" : $"?token={options.Token}")}  (Ctrl-C ends it)"
        : $"Page: {app.Urls.First()}/  (Ctrl-C ends it)");
    await app.WaitForShutdownAsync(CancellationToken.None);
    // Waits for the checkpoints of the runs that it started.
    await app.DisposeAsync();
    return 0;
});
// The server itself listens for Ctrl-C.
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
