using GanPipeline.Training;

namespace GanPipeline.Studio;

/// <summary>The studio's web server.</summary>
internal static class StudioServer
{
    private const int MostBodyBytes = 64 * 1024, MostConnections = 200;

    private static readonly TimeSpan _keepAlive = TimeSpan.FromSeconds(20);

    /// <summary>A server that is not started yet.</summary>
    /// <exception cref="TrainingException">libtorch cannot be used on this machine.</exception>
    public static WebApplication Create(StudioOptions options)
    {
        TorchLibrary.Require();
        // A lab's tensors are too small to share among threads.
        TorchSharp.torch.set_num_threads(1);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // Of what keeps it from starting the program itself tells.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.AddSingleton(options);
        // Made and disposed of with the server.
        builder.Services.AddSingleton(_ => new StartedRuns(options.Gan));
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = MostBodyBytes;
            server.Limits.MaxConcurrentConnections = MostConnections;
            server.Listen(options.Address, options.Port);
        });

        var app = builder.Build();
        // No stack trace leaves the program; the log has it.
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => context.Response.WriteAsync("Something went wrong; the studio's log says what."),
        });
        app.UseWebSockets(new() { KeepAliveInterval = _keepAlive, KeepAliveTimeout = _keepAlive });
        app.UseMiddleware<Guard>();
        app.MapGet("/", (HttpContext context) => Pages.Page(context, "home"));
        app.MapGet("/lab", (HttpContext context) => Pages.Page(context, "lab", ("presets", LabPresets.All)));
        app.Map("/lab/session", (HttpContext context) => LabSocket.HandleAsync(context, app.Lifetime.ApplicationStopping));
        var started = app.Services.GetRequiredService<StartedRuns>();
        app.Lifetime.ApplicationStopping.Register(started.StopAll);
        app.MapNewRuns(options.Pipelines, options.Runs, started);
        var runs = new RunCatalog(options.Runs, started);
        app.MapRuns(runs, started);
        app.MapCompare(runs);
        var store = new ModelStore();
        app.Lifetime.ApplicationStopped.Register(store.Dispose);
        var models = new ModelCatalog(options.Models, runs);
        app.MapModels(models, store);
        app.MapBricks(models, store);
        app.MapGet("/assets/{name}", AssetFiles.Get);
        return app;
    }
}
