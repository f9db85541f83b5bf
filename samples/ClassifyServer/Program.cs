// Serves a saved ML.NET classifier over HTTP: a picture goes in, its class and the scores of all classes come out.
//
//   dotnet run --project samples/ClassifyServer -- CLASSIFIER.zip [--urls http://127.0.0.1:5000]
//   curl --data-binary @picture.jpg http://127.0.0.1:5000/classify
//
// CLASSIFIER.zip is classifier/classifier.zip of a run, what gan classify left, or a chain of your own, from one column of images to
// scores in the column Score.

using GanPipeline.Data;
using Microsoft.AspNetCore.RateLimiting;

const int mostBytes = 8 << 20, mostWaiting = 64;
const string limited = "limited";
var processors = Environment.ProcessorCount;
if (args is not ([_] or [_, "--urls", _]) || args[0].StartsWith('-'))
{
    Console.Error.WriteLine("ClassifyServer CLASSIFIER.zip [--urls http://127.0.0.1:5000]");
    return 2;
}
var subject = args[0];
try
{
    using var classifier = new Classifier(args[0], processors);
    subject = "The server cannot start";
    await using var app = Build(classifier);
    await app.RunAsync();
    return 0;
}
// An error of the file, of whatever kind ML.NET makes it, or of the address.
catch (Exception e)
{
    Console.Error.WriteLine($"{subject}: {e.Message.ReplaceLineEndings(" ")}");
    return 1;
}

WebApplication Build(Classifier classifier)
{
    var builder = WebApplication.CreateSlimBuilder(args[1..]);
    builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = mostBytes);
    // Whoever comes when so many are in is sent away before the body is read: memory holds at most so many bodies.
    builder.Services.AddRateLimiter(limiter =>
    {
        limiter.RejectionStatusCode = StatusCodes.Status503ServiceUnavailable;
        limiter.AddConcurrencyLimiter(limited, places => places.PermitLimit = processors + mostWaiting);
    });
    // Of a request that goes well nothing is written; an error at the start is told above, in a line.
    builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
    builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    var app = builder.Build();
    app.UseRateLimiter();
    app.MapGet("/health", () => Results.Ok());
    app.MapPost("/classify", (HttpRequest request, CancellationToken gone) => Classify(classifier, request, gone))
        .RequireRateLimiting(limited);
    return app;
}

static async Task<IResult> Classify(Classifier classifier, HttpRequest request, CancellationToken gone)
{
    try
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, gone);
        return Results.Ok(await classifier.Classify(body.GetBuffer().AsMemory(0, (int)body.Length), gone));
    }
    catch (DataSetException e)
    {
        return Results.Problem(e.Message, statusCode: StatusCodes.Status400BadRequest);
    }
    // Too large (413), or not of HTTP's form.
    catch (BadHttpRequestException e)
    {
        return Results.Problem(e.Message, statusCode: e.StatusCode);
    }
}
