@echo off
rem Finds a Python that the bundle has parts for, and hands over to setup\start.py.
rem ASCII only and no block in brackets: any code page, any folder name.
setlocal EnableExtensions DisableDelayedExpansion
set "HERE=%~dp0"
set "START=%HERE%setup\start.py"
rem The launcher must not try to fetch a Python from the internet.
set "PYTHON_MANAGER_AUTOMATIC_INSTALL=false"
set "PYLAUNCHER_ALLOW_INSTALL="
set "PYTHONHOME="
set "PYTHONPATH="
if not exist "%START%" goto :not_extracted

set "CARRIED=%HERE%python\python.exe"
if not exist "%CARRIED%" goto :installed
"%CARRIED%" "%START%" --suits >nul 2>nul
if "%ERRORLEVEL%"=="0" goto :run_carried

:installed
py -3.13 "%START%" --suits >nul 2>nul
if "%ERRORLEVEL%"=="0" goto :run_313
py -3.12 "%START%" --suits >nul 2>nul
if "%ERRORLEVEL%"=="0" goto :run_312
py -3.11 "%START%" --suits >nul 2>nul
if "%ERRORLEVEL%"=="0" goto :run_311
python "%START%" --suits >nul 2>nul
if "%ERRORLEVEL%"=="0" goto :run_python
goto :no_python

:run_carried
"%CARRIED%" "%START%" %*
goto :ended

:run_313
py -3.13 "%START%" %*
goto :ended

:run_312
py -3.12 "%START%" %*
goto :ended

:run_311
py -3.11 "%START%" %*
goto :ended

:run_python
python "%START%" %*
goto :ended

:ended
set "CODE=%ERRORLEVEL%"
if "%CODE%"=="0" goto :done
echo.
pause
:done
exit /b %CODE%

:no_python
echo This PC has no Python that fits. The pages open without it.
echo Kono PC ni wa, tsukaeru Python ga arimasen. Peeji wa sono mama yomemasu.
if exist "%HERE%index.html" start "" "%HERE%index.html"
pause
exit /b 3

:not_extracted
echo Please extract the ZIP file first, then open start.bat again.
echo ZIP wo migi-kurikku shite "subete tenkai" shite kara, mou ichido hiraite kudasai.
pause
exit /b 4
