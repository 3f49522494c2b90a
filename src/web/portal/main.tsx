document.title = "Sallyport";
