// A fresh picture at each visit, from a generator in ONNX.
//
//   dotnet run --project samples/PictureServer -- GENERATOR.onnx [--urls http://127.0.0.1:5000] [--Generator:BatchSize 64 ...]
//   curl -o picture.png "http://127.0.0.1:5000/image.png?seed=7"
//
// Every option of GeneratorOptions can be set by --Generator:NAME VALUE, or by the environment as Generator__NAME.

using GanPipeline.Hosting;
using GanPipeline.Inference;
using Microsoft.Extensions.Options;
using PictureServer;

const int mostBodyBytes = 1024;

if (args.Length == 0 || args[0].StartsWith('-'))
{
    Console.Error.WriteLine("PictureServer GENERATOR.onnx [--urls http://127.0.0.1:5000] [--Generator:NAME VALUE ...]");
    return 2;
}
try
{
    var builder = WebApplication.CreateSlimBuilder(args[1..]);
    // No request has a body.
    builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = mostBodyBytes);
    builder.Logging.ClearProviders().AddJsonConsole();
    builder.Services.AddGanGenerator(options =>
    {
        builder.Configuration.GetSection("Generator").Bind(options);
        options.ModelFile = args[0];
    });
    builder.Services.AddHealthChecks().AddGanGenerator();
    builder.Services.AddProblemDetails();
    builder.Services.AddOpenApi();
    var app = builder.Build();
    app.UseStatusCodePages();
    // Before anybody asks: a model that is none ends the program.
    var generator = app.Services.GetRequiredService<GeneratorService>();
    app.MapOpenApi("/openapi.json");
    app.MapHealthChecks("/health");
    new PictureEndpoints(generator, args[0]).Map(app);
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (e is ModelException or OptionsValidationException or IOException)
{
    Console.Error.WriteLine("PictureServer: " + e.Message.ReplaceLineEndings(" "));
    return 1;
}
