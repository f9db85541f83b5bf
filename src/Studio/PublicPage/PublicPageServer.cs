using GanPipeline.Hosting;
using GanPipeline.Inference;

namespace GanPipeline.Studio;

/// <summary>
/// A page with a fresh picture at each visit, and nothing else: no runs, no other model, no script, nothing that is written. Pictures of
/// visitors who come at the same time are made together; who comes when too many wait is asked to come again.
/// </summary>
internal static class PublicPageServer
{
    private const int MostWaiting = 256, MostConnections = 2000, MostAddress = 4096, MostBody = 4096, MostHeaders = 16 * 1024;

    private static readonly TimeSpan _headersTime = TimeSpan.FromSeconds(10), _keepAlive = TimeSpan.FromSeconds(30);

    /// <summary>A server that is not started yet.</summary>
    /// <param name="options">Where it is served; the token is not asked for.</param>
    /// <param name="model">The generator's file.</param>
    /// <exception cref="ModelException">It cannot be opened, or takes labels that its metadata do not describe.</exception>
    public static WebApplication Create(StudioOptions options, string model)
    {
        var service = new GeneratorService(new() { ModelFile = model, QueueLimit = MostWaiting, BatchSize = 16 });
        if (service.Model is { LabelSize: > 0, Labels: null, Vocabulary: null })
        {
            service.Dispose();
            throw new ModelException($"'{model}' takes labels that its metadata {ModelMetadata.Labels} do not describe.");
        }
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.AddRateLimiter(VisitorLimits.Configure);
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            // Nobody reads a body; a small one is drained, so that its sender gets the answer and not a broken connection.
            server.Limits.MaxRequestBodySize = MostBody;
            server.Limits.MaxRequestLineSize = MostAddress;
            server.Limits.MaxRequestHeadersTotalSize = MostHeaders;
            server.Limits.RequestHeadersTimeout = _headersTime;
            server.Limits.KeepAliveTimeout = _keepAlive;
            server.Limits.MaxConcurrentConnections = MostConnections;
            server.Listen(options.Address, options.Port);
        });

        var app = builder.Build();
        app.Lifetime.ApplicationStopped.Register(service.Dispose);
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => context.Response.WriteAsync("Something went wrong."),
        });
        app.Use(Protect);
        app.UseRateLimiter();
        var page = new PublicPage(service, model);
        app.MapGet("/", page.Show);
        app.MapGet($"/pictures/{page.Version}/{{index:int:range(0,{PublicPage.Pictures - 1})}}.png", page.PictureAsync);
        app.MapGet("/public.css", (HttpContext context) => AssetFiles.Get(context, "public.css"));
        app.MapGet("/icon.svg", (HttpContext context) => AssetFiles.Get(context, "icon.svg"));
        return app;
    }

    private static Task Protect(HttpContext context, RequestDelegate next)
    {
        var response = context.Response;
        response.Headers.ContentSecurityPolicy = "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; " +
            "base-uri 'none'; frame-ancestors 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) return next(context);
        response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        response.Headers.Allow = "GET, HEAD";
        return Task.CompletedTask;
    }
}
