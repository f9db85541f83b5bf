#requires -version 5.1
# The one entry to GanPipeline on Windows: builds what has changed and runs the command line, on the NuGet packages themselves.
#   .\gan.ps1 run       train a GAN, export it, look at it
#   .\gan.ps1 test      every test
#   .\gan.ps1 --help    everything else
# Arguments are taken from $args untouched, so that options such as --out reach the program.
$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$env:GAN_ROOT = $root
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'

function Stop-Gan([string[]] $lines) {
    foreach ($line in $lines) { [Console]::Error.WriteLine("gan: $line") }
    exit 2
}

if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    Stop-Gan "the .NET SDK 10 is missing: 'dotnet' is not on the PATH.", 'Get it with: winget install Microsoft.DotNet.SDK.10', 'then open a new terminal and run this command again.'
}
if (-not (& dotnet --list-sdks | Where-Object { $_ -match '^10\.' })) {
    Stop-Gan 'the .NET SDK 10 is missing: this dotnet has only older SDKs.', 'Get it with: winget install Microsoft.DotNet.SDK.10'
}
if ($env:GAN_PACKAGES -and $env:GAN_PACKAGES -ne 'nuget') {
    Stop-Gan "GAN_PACKAGES is '$env:GAN_PACKAGES'; on Windows this script knows 'nuget' only: the stand-ins under compat\ need a Linux libtorch."
}
$env:GanPackages = 'nuget'

function Test-Current([string] $stamp, [string[]] $folders) {
    if (-not (Test-Path $stamp)) { return $false }
    $time = (Get-Item $stamp).LastWriteTimeUtc
    $files = Get-ChildItem -Path ($folders | ForEach-Object { Join-Path $root $_ }) -Recurse -File
    $files += Get-ChildItem -Path $root -File -Filter 'Directory.*'
    return -not ($files | Where-Object { $_.LastWriteTimeUtc -gt $time } | Select-Object -First 1)
}

function Build([string] $project, [string] $stampName, [string[]] $folders) {
    $stamp = Join-Path $root "artifacts\nuget\$stampName"
    if (Test-Current $stamp $folders) { return }
    [Console]::Error.WriteLine("gan: building $project (the first time fetches the packages, libtorch among them: some 300 MB for the processor, 2.5 GB for CUDA)")
    $now = Get-Date
    $log = & dotnet build (Join-Path $root $project) -c Release --nologo -v q 2>&1
    if ($LASTEXITCODE -ne 0) {
        $log | Select-Object -Last 40 | ForEach-Object { [Console]::Error.WriteLine($_) }
        Stop-Gan "the build of $project failed; the messages are above."
    }
    New-Item -ItemType File -Force $stamp | Out-Null
    (Get-Item $stamp).LastWriteTime = $now
}

if ($args.Count -gt 0 -and $args[0] -eq 'test') {
    Build 'GanPipeline.sln' 'tests.built' @('src', 'tests', 'bench')
    $filter = @()
    if ($args.Count -gt 1) { $filter = @('--filter', "FullyQualifiedName~$($args[1])") }
    $passed = 0; $failed = 0; $skipped = 0
    $assemblies = Get-ChildItem (Join-Path $root 'artifacts\nuget\bin') -Recurse -Filter 'GanPipeline.*.Tests.dll' |
        Where-Object { $_.FullName -match '\\release\\GanPipeline\.[A-Za-z]+\.Tests\.dll$' }
    foreach ($assembly in $assemblies) {
        $log = & dotnet test $assembly.FullName --nologo @filter --logger 'console;verbosity=normal' 2>&1
        $status = $LASTEXITCODE
        $log | Where-Object { $_ -match '^  (Failed|Skipped) ' -or $_ -match '^\s+(Error Message|Stack Trace|Assert|at )' }
        $p = @($log | Where-Object { $_ -match '^  Passed ' }).Count
        $f = @($log | Where-Object { $_ -match '^  Failed ' }).Count
        $s = @($log | Where-Object { $_ -match '^  Skipped ' }).Count
        if ($status -ne 0 -and $f -eq 0 -and -not ($log -match '^No test ')) { $f = 1 }
        "$($assembly.BaseName): $p passed, $f failed, $s skipped"
        $passed += $p; $failed += $f; $skipped += $s
    }
    "$passed passed, $failed failed, $skipped skipped"
    if ($failed -gt 0) { exit 1 }
    exit 0
}

if ($args.Count -gt 0 -and $args[0] -eq 'bench') {
    Build 'bench\GanPipeline.Bench.csproj' 'bench.built' @('src', 'bench')
    $rest = @($args | Select-Object -Skip 1)
    & dotnet (Join-Path $root 'artifacts\nuget\bin\GanPipeline.Bench\release\GanPipeline.Bench.dll') @rest
    exit $LASTEXITCODE
}

Build 'src\Cli\GanPipeline.Cli.csproj' 'program.built' @('src')
& dotnet (Join-Path $root 'artifacts\nuget\bin\GanPipeline.Cli\release\gan.dll') @args
exit $LASTEXITCODE
